import type { Example } from "./example.ts";

export const bash: readonly Example[] = [
  {
    title: "Hello, who am I",
    shows: "what a run sees of the machine",
    writes: "read-only",
    code: String.raw`printf '\e[1mHello from Bash %s\e[0m\n' "$BASH_VERSION"
id
echo "processes: $(ls -d /proc/[0-9]* | wc -l)"
touch /etc/mine 2> /dev/null || echo "the system is read-only"
echo "room in /work: $(df -m /work | awk 'NR == 2 { print $4 }') MB"
`,
  },
  {
    title: "A log in numbers",
    shows: "reads the input",
    writes: "2 404",
    stdin: "GET /a 200\nGET /b 404\nGET /c 200\nPOST /a 500\nGET /d 404\n",
    code: String.raw`awk '{ count[$3]++ } END { for (code in count) print count[code], code }' | sort -rn
`,
  },
  {
    title: "A library",
    shows: "several files, arguments",
    args: "'the cave' ghost",
    writes: "ghost",
    files: {
      "lib/box.sh": String.raw`box() {
  local line
  line=$(printf '─%.0s' $(seq $((${"$"}{#1} + 2))))
  printf '┌%s┐\n│ %s │\n└%s┘\n' "$line" "$1" "$line"
}
`,
    },
    code: String.raw`source lib/box.sh

for word in "$@"; do box "$word"; done
`,
  },
  {
    title: "A pipe that breaks",
    shows: "an exit code of its own",
    ends: "runtime_error",
    writes: "line 4",
    code: String.raw`set -euo pipefail
trap 'echo "failed at line $LINENO" >&2' ERR

false | cat
echo "never said"
`,
  },
  {
    title: "Too slow",
    shows: "the time limit",
    limits: { timeoutMs: 2000 },
    ends: "timeout",
    writes: "working",
    code: String.raw`for i in $(seq 100); do
  printf '\rworking … %d s' "$i"
  sleep 1
done
`,
  },
];
