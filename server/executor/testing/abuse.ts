import { printed, signal, type Abuse } from "./abuse-case.ts";

const brief = { timeoutMs: 500 };

export const abuses: readonly Abuse[] = [
  {
    group: "cpu",
    name: "busy loop",
    code: {
      python: "while True: pass",
      javascript: "for (;;);",
      typescript: "for (;;);",
      bash: "while :; do :; done",
      c: "int main(void) { for (;;); }",
    },
    more: brief,
    expect: ["timeout"],
    withinMs: 3_500,
  },
  {
    group: "cpu",
    name: "sleeps, ignoring every signal it can",
    code: {
      python:
        "import signal, time\nfor s in range(1, 65):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\ntime.sleep(60)",
      javascript:
        "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => {});\nsetInterval(() => {}, 1000)",
      bash: "trap '' TERM INT HUP QUIT; sleep 60",
    },
    more: brief,
    expect: ["timeout"],
    withinMs: 3_500,
  },
  {
    group: "cpu",
    name: "works on after its first process has ended",
    code: {
      python: "import os\nif os.fork() == 0:\n  os.setsid()\n  while True: pass\nprint('left')",
      javascript:
        "require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'inherit' }).unref(); console.log('left'); process.exit(0)",
      bash: "(trap '' HUP; sleep 60; echo late) & echo left",
      c: '#include <stdio.h>\n#include <unistd.h>\nint main(void) { puts("left"); fflush(stdout); if (fork() == 0) { setsid(); for (;;) pause(); } return 0; }',
    },
    expect: ["ok"],
    check: printed("left"),
    withinMs: 4_000,
  },
  {
    group: "processes",
    name: "fork bomb",
    code: {
      python: "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
      javascript:
        "const { spawn } = require('child_process'); for (;;) { try { spawn(process.execPath, ['-e', 'for(;;);']).on('error', () => {}) } catch {} }",
      bash: ":(){ :|:& };:\nwait; sleep 60",
      c: "#include <unistd.h>\nint main(void) { for (;;) fork(); }",
    },
    more: { timeoutMs: 1_000, processes: 40 },
    expect: ["timeout", "memory_limit", "runtime_error"],
    check: (run) => (run.pidsPeak <= 48 ? undefined : `there were ${run.pidsPeak} processes`),
    withinMs: 6_000,
  },
  {
    group: "processes",
    name: "threads without end",
    code: {
      python:
        "import threading, time\nn = 0\ntry:\n  while True:\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); n += 1\nexcept RuntimeError: print('stopped', n < 200, flush=True); import os; os._exit(0)",
    },
    expect: ["ok"],
    check: printed("stopped True"),
  },
  {
    group: "processes",
    name: "10 000 zombies",
    code: {
      python:
        "import os\nn = 0\nfor i in range(10000):\n  try:\n    if os.fork() == 0: os._exit(0)\n    n += 1\n  except OSError: break\nprint('made', n < 200)",
      bash: 'for i in $(seq 2000); do (exit 0) & done; wait; echo "made True"',
    },
    more: { timeoutMs: 20_000, processes: 60 },
    expect: ["ok", "runtime_error", "timeout"],
    withinMs: 24_000,
  },
  {
    group: "signals",
    name: "kills, stops and interrupts process 1",
    code: {
      python:
        "import os, signal\nfor s in (9, 15, 19, 2, 11):\n  try: os.kill(1, s); print('killed', s)\n  except PermissionError: pass\nprint('alive')",
      bash: "for s in KILL TERM STOP INT; do kill -$s 1 2>/dev/null && echo killed; done; echo alive",
      javascript:
        "for (const s of ['SIGKILL', 'SIGTERM', 'SIGSTOP']) { try { process.kill(1, s); console.log('killed') } catch {} } console.log('alive')",
    },
    expect: ["ok"],
    check: (run) => (run.stdout === "alive\n" ? undefined : run.stdout),
  },
  {
    group: "signals",
    name: "kills everything it can",
    code: { python: "import os\nos.kill(-1, 9)\nprint('alive')", bash: "kill -9 -1; echo alive" },
    expect: ["ok", "runtime_error"],
  },
  {
    group: "signals",
    name: "dies of a signal",
    code: {
      python: "import os, signal; print('before', flush=True); os.kill(os.getpid(), signal.SIGABRT)",
      bash: "echo before; kill -ABRT $$",
      c: '#include <stdio.h>\n#include <stdlib.h>\nint main(void) { puts("before"); fflush(stdout); abort(); }',
    },
    expect: ["runtime_error"],
    check: (run) => signal("SIGABRT")(run) ?? printed("before")(run),
  },
  {
    group: "memory",
    name: "takes all there is",
    code: {
      python: "x = []\nwhile True: x.append(bytearray(10**7))",
      javascript: "const x = []; for (;;) x.push(new Array(100000).fill(1.5));",
      typescript: "const x: Buffer[] = []; for (;;) x.push(Buffer.alloc(1e7, 1));",
      bash: 'x=0123456789abcdef; while :; do x="$x$x"; done',
      c: "#include <stdlib.h>\n#include <string.h>\nint main(void) { for (;;) { char *p = malloc(1 << 20); memset(p, 1, 1 << 20); } }",
    },
    more: { memoryMb: 128, timeoutMs: 20_000 },
    expect: ["memory_limit"],
    withinMs: 24_000,
  },
  {
    group: "memory",
    name: "lets a child take it all, and goes on",
    code: {
      python:
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'x = bytearray(10**9)'])\nprint('parent lives')",
      bash: 'python3 -c 1 2>/dev/null; (x=0123456789abcdef; while :; do x="$x$x"; done); echo parent lives',
    },
    more: { memoryMb: 128, timeoutMs: 20_000 },
    expect: ["memory_limit"],
  },
  {
    group: "memory",
    name: "recursion without end",
    code: {
      python: "def f(): f()\nf()",
      javascript: "const f = () => f(); f()",
      bash: "f() { f; }; f",
      c: "int f(int n) { volatile char x[1024]; x[0] = (char)n; return f(n + 1) + x[0]; }\nint main(void) { return f(0); }",
    },
    more: { timeoutMs: 3_000 },
    expect: ["runtime_error", "memory_limit", "timeout"],
  },
  {
    group: "disk",
    name: "fills every folder it can write to",
    code: {
      python:
        "import os\nfor d in ('/work', '/tmp', '/dev/shm'):\n  try:\n    for n in range(10):\n      with open(f'{d}/fill{n}', 'wb') as f:\n        for i in range(32): f.write(b'x' * 2**20)\n    print(d, 'endless')\n  except OSError as e: print(e.errno)",
      bash: "for d in /work /tmp /dev/shm; do for n in 1 2 3; do head -c 60M /dev/zero > $d/fill$n; done; done 2>/dev/null; df -m /work | tail -1 | tr -s ' ' | cut -d' ' -f4",
    },
    expect: ["ok"],
    check: (run) => (run.stdout.includes("endless") ? "there was no end" : undefined),
  },
  {
    group: "disk",
    name: "one file larger than allowed",
    code: {
      python:
        "f = open('/tmp/big', 'wb')\nf.seek(10**12)\ntry: f.write(b'x'); f.flush(); print('written')\nexcept OSError as e: print('refused', e.errno)",
      bash: "truncate -s 1T /tmp/big && echo written; exit 0",
    },
    expect: ["ok", "runtime_error"],
    check: (run) => (run.stdout.includes("written") ? "it was written" : undefined),
  },
  {
    group: "disk",
    name: "100 000 files",
    code: {
      python:
        "import os\ntry:\n  for i in range(100000): open(f'/tmp/{i}', 'w').close()\n  print('endless')\nexcept OSError as e: print('ended', e.errno)",
    },
    more: { timeoutMs: 20_000 },
    expect: ["ok"],
    check: printed("ended 28"),
  },
  {
    group: "disk",
    name: "writes outside its folders",
    code: {
      python:
        "import os\nfor p in ('/x', '/etc/passwd', '/usr/bin/x', '/ghost/slot', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger', '/sys/fs/cgroup/memory/memory.limit_in_bytes', '/proc/sys/kernel/core_pattern', '/dev/x', '/run/x', '/var/tmp/x'):\n  try: open(p, 'w').write('1'); print('WROTE', p)\n  except OSError: pass\nprint('done')",
      bash: "for p in /x /etc/x /usr/x /ghost/x /dev/x /run/x /var/tmp/x /proc/sysrq-trigger; do (echo 1 > $p) 2>/dev/null && echo WROTE $p; done; echo done",
    },
    expect: ["ok"],
    check: (run) => (run.stdout === "done\n" ? undefined : run.stdout),
  },
  {
    group: "output",
    name: "flood",
    code: {
      python: "while True: print('y' * 1000)",
      javascript: "for (;;) require('fs').writeSync(1, 'y'.repeat(1000) + '\\n')",
      typescript: "import { writeSync } from 'node:fs';\nfor (;;) writeSync(1, 'y'.repeat(1000) + '\\n')",
      bash: "yes",
      c: '#include <stdio.h>\nint main(void) { for (;;) puts("yyyyyyyyyyyyyyyy"); }',
    },
    more: { maxOutputBytes: 200_000 },
    expect: ["output_limit"],
    check: (run) =>
      run.stdout.length === 200_000 && run.truncated ? undefined : `${run.stdout.length} bytes`,
    withinMs: 6_000,
  },
  {
    group: "output",
    name: "flood on both, one byte at a time",
    code: {
      python: "import os\nwhile True: os.write(1, b'a'); os.write(2, b'b')",
      bash: "while :; do printf a; printf b >&2; done",
    },
    more: { maxOutputBytes: 30_000, timeoutMs: 20_000 },
    expect: ["output_limit"],
    check: (run) => (run.stdout.length + run.stderr.length === 30_000 ? undefined : "not all was kept"),
  },
  {
    group: "output",
    name: "one line of 100 MB",
    code: { python: "print('x' * 10**8)", bash: "head -c 100M /dev/zero | tr '\\0' x" },
    expect: ["output_limit"],
  },
  {
    group: "output",
    name: "last words before a kill",
    code: {
      python: "import os\nos.write(1, b'last'); os.kill(os.getpid(), 9)",
      bash: "printf last; kill -9 $$",
    },
    expect: ["runtime_error"],
    check: (run) => signal("SIGKILL")(run) ?? (run.stdout === "last" ? undefined : run.stdout),
  },
  {
    group: "output",
    name: "closes its streams",
    code: {
      python: "import os, time\nos.close(1); os.close(2); time.sleep(.1); os._exit(7)",
      bash: "exec >&- 2>&-; sleep .1; exit 7",
    },
    expect: ["runtime_error"],
    check: (run) => (run.exitCode === 7 ? undefined : `it ended with ${String(run.exitCode)}`),
  },
  {
    group: "output",
    name: "broken UTF-8, zeros and escapes",
    code: {
      python: "import os\nos.write(1, b'\\xff\\xc3\\x00\\x1b[31m\\xe2\\x82')",
      bash: "printf '\\xff\\xc3\\x00\\x1b[31m\\xe2\\x82'",
    },
    expect: ["ok"],
    check: (run) =>
      run.encoding.stdout === "base64" &&
      Buffer.from(run.stdout, "base64").equals(
        Buffer.from([0xff, 0xc3, 0, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xe2, 0x82]),
      )
        ? undefined
        : "the bytes are others",
  },
  {
    group: "forgery",
    name: "writes a result of its own",
    code: {
      python:
        "import os\nframe = b'Z' + (37).to_bytes(4, 'big') + bytes(8) + bytes(37)\nos.write(1, frame); os.write(2, frame)\nfor fd in range(3, 30):\n  try: os.write(fd, frame)\n  except OSError: pass\nfor p in ('/proc/1/fd/1', '/proc/1/fd/0', '/proc/1/mem'):\n  try: open(p, 'wb').write(frame); os._exit(0)\n  except OSError: pass\nos._exit(9)",
      bash: "printf 'Z\\0\\0\\0\\45\\0\\0\\0\\0\\0\\0\\0\\0'; (echo x > /proc/1/fd/1) 2>/dev/null && exit 0; exit 9",
      javascript:
        "const fs = require('fs'); const f = Buffer.concat([Buffer.from('Z\\0\\0\\0%'), Buffer.alloc(45)]); fs.writeSync(1, f); for (const p of ['/proc/1/fd/1', '/proc/1/mem']) { try { fs.writeFileSync(p, f); process.exit(0) } catch {} } process.exit(9)",
    },
    expect: ["runtime_error"],
    check: (run) => (run.exitCode === 9 ? undefined : `it ended with ${String(run.exitCode)}`),
  },
  {
    group: "forgery",
    name: "looks into process 1",
    code: {
      python:
        "import os\nfor p in ('environ', 'fd', 'mem', 'maps', 'cwd', 'root', 'exe'):\n  q = f'/proc/1/{p}'\n  try:\n    os.listdir(q) if p == 'fd' else os.readlink(q) if p in ('cwd', 'root', 'exe') else open(q, 'rb').read(1)\n    print('READ', p)\n  except OSError: pass\nprint('done')",
      bash: "for p in environ maps mem; do head -c1 /proc/1/$p >/dev/null 2>&1 && echo READ $p; done; ls /proc/1/fd >/dev/null 2>&1 && echo READ fd; echo done",
    },
    expect: ["ok"],
    check: (run) => (run.stdout === "done\n" ? undefined : run.stdout),
  },
  {
    group: "identity",
    name: "is nobody, with nothing",
    code: {
      python:
        "import os\ns = dict(l.split(':\\t', 1) for l in open('/proc/self/status').read().splitlines() if ':\\t' in l)\nassert os.getuid() >= 20000 and os.getgid() >= 20000 and os.getgroups() == []\nassert s['CapEff'] == s['CapPrm'] == s['CapInh'] == s['CapAmb'] == '0' * 16, s\nassert s['NoNewPrivs'] == '1' and s['Seccomp'] == '2'\nassert sorted(os.listdir('/proc/self/fd'))[:3] == ['0', '1', '2'] and len(os.listdir('/proc/self/fd')) == 4\nassert sorted(os.environ) == ['HOME', 'HOSTNAME', 'LANG', 'PATH', 'PYTHONDONTWRITEBYTECODE', 'TMPDIR'], sorted(os.environ)\nassert not os.path.exists('/var/run/docker.sock')\nassert [p for p in os.listdir('/proc') if p.isdigit() and p not in ('1', str(os.getpid()))] == []\nprint('nobody')",
    },
    expect: ["ok"],
    check: printed("nobody"),
  },
  {
    group: "descriptors",
    name: "opens files without end",
    code: {
      python:
        "import os\nf = []\ntry:\n  while True: f.append(os.open('/dev/null', 0))\nexcept OSError as e: print('ended', e.errno, len(f) < 256)",
      bash: 'ulimit -n; for i in $(seq 3 400); do eval "exec $i</dev/null" 2>/dev/null || break; done; echo ended True',
    },
    expect: ["ok"],
    check: (run) => printed("ended")(run) ?? printed("True")(run),
  },
  {
    group: "kernel",
    name: "asks the kernel for more",
    code: {
      python: `import ctypes, os, socket
c = ctypes.CDLL(None, use_errno=True)
calls = {'ptrace': (101, 0, 0, 0, 0), 'mount': (165, b'x', b'/tmp', b'tmpfs', 0, 0), 'unshare': (272, 0x10000000), 'setns': (308, 0, 0),
 'chroot': (161, b'/tmp'), 'pivot_root': (155, b'/tmp', b'/tmp'), 'keyctl': (250, 0, 0), 'add_key': (248, b'user', b'a', b'b', 1, 0),
 'bpf': (321, 0, 0, 0), 'perf': (298, 0, 0, 0, 0, 0), 'userfaultfd': (323, 0), 'io_uring': (425, 1, 0), 'reboot': (169, 0, 0, 0, 0),
 'init_module': (175, 0, 0, b''), 'kexec': (246, 0, 0, 0, 0), 'open_by_handle': (304, 0, 0, 0), 'clone ns': (56, 0x10000000 | 17, 0, 0, 0, 0),
 'sethostname': (170, b'x', 1), 'setuid': (105, 0), 'swapon': (167, b'/x', 0), 'syslog': (103, 3, 0, 0)}
got = [n for n, a in calls.items() if c.syscall(*a) >= 0]
for name, family, kind in (('vsock', 40, 1), ('alg', 38, 5), ('packet', 17, 3), ('raw', 2, 3), ('bluetooth', 31, 3)):
  try: socket.socket(family, kind); got.append(name)
  except OSError: pass
try: os.mknod('/tmp/dev', 0o60600, os.makedev(8, 0)); got.append('mknod')
except OSError: pass
print('got', got)`,
    },
    expect: ["ok"],
    check: (run) => (run.stdout === "got []\n" ? undefined : run.stdout),
  },
  {
    group: "network",
    name: "reaches for the network, the host and the metadata service",
    code: {
      python:
        "import socket\nfor a in ('1.1.1.1', '172.17.0.1', '169.254.169.254', '127.0.0.1'):\n  try: socket.create_connection((a, 80), 1); print('REACHED', a)\n  except OSError: pass\ntry: socket.gethostbyname('example.com'); print('RESOLVED')\nexcept OSError: pass\nprint('done')",
      javascript:
        "fetch('http://169.254.169.254/').then(() => console.log('REACHED'), () => console.log('done'))",
      bash: "(echo > /dev/tcp/1.1.1.1/80) 2>/dev/null && echo REACHED; echo done",
    },
    expect: ["ok"],
    check: (run) => (run.stdout === "done\n" ? undefined : run.stdout),
  },
  {
    group: "runner",
    name: "turns on what booted it",
    code: {
      python:
        "import sys, os, atexit, builtins\nsys.stdout = None; builtins.print = None; sys.exit = None\natexit.register(lambda: os._exit(5))",
      javascript:
        "Object.prototype.toString = Array.prototype.push = () => { throw 1 }; process.stdout.write = null; process.reallyExit(5)",
      typescript: "process.exitCode = 5; (process as any).exit = () => {};",
      bash: "enable -n exit echo; kill -STOP $PPID 2>/dev/null; builtin exit 5 2>/dev/null || enable exit && exit 5",
    },
    expect: ["runtime_error"],
    check: (run) => (run.exitCode === 5 ? undefined : `it ended with ${String(run.exitCode)}`),
  },
  {
    group: "compiler",
    name: "includes what never ends",
    code: { c: "#include </dev/zero>\nint main(void) {}", typescript: "const a: = ;" },
    expect: ["compile_error", "memory_limit", "timeout", "runtime_error"],
    withinMs: 70_000,
    more: { memoryMb: 128 },
  },
  {
    group: "compiler",
    name: "includes what is secret",
    code: { c: '#include "/etc/shadow"\n#include "/proc/1/environ"\nint main(void) {}' },
    expect: ["compile_error"],
    check: (run) => (/root:|PATH=/.test(run.compileOutput ?? "") ? "it was read" : undefined),
  },
  {
    group: "input",
    name: "16 MB that nobody reads",
    code: { python: "print('done')", javascript: "console.log('done'); process.exit(0)", bash: "echo done" },
    more: { stdin: "x".repeat(16_000_000) },
    expect: ["ok"],
    check: printed("done"),
  },
];
