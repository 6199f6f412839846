import type { Abuse } from "./abuse-case.ts";

/** What the languages whose images are built on demand have of their own: another compiler, another virtual machine, another heap. */
export const further: readonly Abuse[] = [
  {
    group: "cpu",
    name: "busy loop",
    code: {
      cpp: "int main() { volatile bool on = true; while (on) {} }",
      go: "package main\n\nfunc main() {\n\tfor {\n\t}\n}",
      java: "public class Main { public static void main(String[] a) { while (true) {} } }",
      php: "<?php while (true) {}",
      ruby: "loop {}",
      rust: "fn main() { loop { std::hint::black_box(0); } }",
    },
    more: { timeoutMs: 1_000 },
    expect: ["timeout"],
  },
  {
    group: "memory",
    name: "takes all there is",
    code: {
      cpp: "#include <string>\nint main() { for (;;) *new std::string(10'000'000, 'x'); }",
      go: 'package main\n\nimport "bytes"\n\nfunc main() {\n\tvar kept [][]byte\n\tfor {\n\t\tkept = append(kept, bytes.Repeat([]byte("x"), 10_000_000))\n\t}\n}',
      java: "import java.util.*; public class Main { public static void main(String[] a) { var kept = new ArrayList<byte[]>(); while (true) { var more = new byte[10_000_000]; Arrays.fill(more, (byte) 1); kept.add(more); } } }",
      php: '<?php ini_set("memory_limit", "-1"); $kept = []; while (true) $kept[] = str_repeat("x", 10000000);',
      ruby: 'kept = []; loop { kept << "x" * 10_000_000 }',
      rust: "fn main() { let mut kept = Vec::new(); loop { kept.push(vec![1u8; 10_000_000]); } }",
    },
    more: { memoryMb: 256, timeoutMs: 20_000 },
    expect: ["memory_limit", "runtime_error"], // Java's heap ends before its container does
    withinMs: 24_000,
  },
  {
    group: "processes",
    name: "more threads or processes than may be",
    code: {
      cpp: "#include <unistd.h>\nint main() { for (;;) fork(); }",
      go: 'package main\n\nimport (\n\t"runtime"\n\t"time"\n)\n\nfunc main() {\n\tfor {\n\t\tgo func() {\n\t\t\truntime.LockOSThread()\n\t\t\ttime.Sleep(time.Hour)\n\t\t}()\n\t\ttime.Sleep(time.Millisecond)\n\t}\n}',
      java: "public class Main { public static void main(String[] a) { while (true) { new Thread(() -> { try { Thread.sleep(60_000); } catch (InterruptedException e) {} }).start(); } } }",
      php: "<?php while (true) @pcntl_fork();",
      ruby: "loop { fork rescue nil }",
      rust: 'use std::{process::Command, thread};\nfn main() { loop { let _ = Command::new("/bin/sleep").arg("60").spawn(); thread::yield_now(); } }',
    },
    more: { timeoutMs: 1_500, processes: 40 },
    expect: ["timeout", "memory_limit", "runtime_error"],
    check: (run) => (run.pidsPeak <= 48 ? undefined : `there were ${run.pidsPeak} processes`),
  },
  {
    group: "output",
    name: "flood",
    code: {
      cpp: '#include <iostream>\nint main() { for (;;) std::cout << "xxxxxxxxxxxxxxx\\n"; }',
      go: 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfor {\n\t\tfmt.Println("xxxxxxxxxxxxxxx")\n\t}\n}',
      java: 'public class Main { public static void main(String[] a) { while (true) System.out.println("xxxxxxxxxxxxxxx"); } }',
      php: '<?php while (true) echo "xxxxxxxxxxxxxxx\\n";',
      ruby: 'loop { puts "xxxxxxxxxxxxxxx" }',
      rust: 'fn main() { loop { println!("xxxxxxxxxxxxxxx"); } }',
    },
    more: { maxOutputBytes: 200_000 },
    expect: ["output_limit"],
  },
];
