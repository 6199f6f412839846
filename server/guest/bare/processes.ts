import { AppError } from "../../lib/app-error.ts";
import type { Shell } from "./shell.ts";
import type { Process, Signal } from "#contract/inside.ts";

const mostProcesses = 10_000;
const ticksPerSecond = 100;

/** `head -v` writes the name of each file above it; with one process for all of them. */
const list = `
echo $$
grep btime /proc/stat
head -v -c 4096 /proc/[0-9]*/stat /proc/[0-9]*/status /proc/[0-9]*/cmdline 2>/dev/null
exit 0
`;

interface Files {
  stat?: string;
  status?: string;
  cmdline?: string;
}

/** All that the kernel lists, but for our own look at it. */
export async function processes(shell: Shell, signal: AbortSignal): Promise<Process[]> {
  const answer = (await shell.run(list, [], signal)).toString();
  const [, ownText = "", bootText = "", rest = ""] = /^(\d+)\nbtime (\d+)\n(.*)$/s.exec(answer) ?? [];
  const own = Number(ownText);

  const byPid = new Map<number, Files>();
  const parts = rest.split(/\n?==> \/proc\/(\d+)\/(stat|status|cmdline) <==\n/);
  for (let at = 1; at + 2 < parts.length && byPid.size < mostProcesses; at += 3) {
    const pid = Number(parts[at]);
    const files = byPid.get(pid) ?? {};
    files[parts[at + 1] as keyof Files] = parts[at + 2] ?? "";
    byPid.set(pid, files);
  }
  const found: Process[] = [];
  for (const [pid, files] of byPid) {
    const one = processOf(pid, files, Number(bootText));
    if (one && pid !== own && one.parent !== own) found.push(one);
  }
  return found.sort((one, other) => one.pid - other.pid);
}

/** The name in /proc/<pid>/stat is in parentheses and may hold any; what follows the last one is numbers. */
function processOf(
  pid: number,
  { stat = "", status = "", cmdline = "" }: Files,
  boot: number,
): Process | undefined {
  const open = stat.indexOf("(");
  const close = stat.lastIndexOf(")");
  const [state, parent, ...fields] = stat.slice(close + 2).split(" ");
  const started = Number(fields[17]);
  const cpu = Number(fields[9]) + Number(fields[10]);
  if (open === -1 || close === -1 || state === undefined || !Number.isFinite(started + cpu)) return undefined;
  const words = cmdline.replace(/\0+$/, "").replaceAll("\0", " ");
  return {
    pid,
    parent: Number(parent),
    command: words === "" ? `[${stat.slice(open + 1, close)}]` : words,
    managed: false,
    running: state !== "Z" && state !== "X",
    startedAt: new Date((boot + started / ticksPerSecond) * 1000).toISOString(),
    cpuMs: (cpu * 1000) / ticksPerSecond,
    memoryBytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
  };
}

export async function processAt(shell: Shell, pid: number, signal: AbortSignal): Promise<Process> {
  const found = (await processes(shell, signal)).find((one) => one.pid === pid);
  if (!found) throw new AppError("process_not_found", `The cave has no process ${pid}.`);
  return found;
}

const kill = `
kill -s "$2" "$1" && exit
[ ! -e "/proc/$1" ] || no unsupported
no process_not_found
`;

export async function signalProcess(
  shell: Shell,
  pid: number,
  name: Signal,
  signal: AbortSignal,
): Promise<void> {
  await shell.run(kill, [String(pid), name.slice("SIG".length)], signal);
}
