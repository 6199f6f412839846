# Debian's /etc/profile sets PATH anew; what people install for themselves lives here.
PATH=$HOME/.local/bin:$PATH
