import type { GuestEvent } from "../guest.ts";
import { ports } from "./ports.ts";
import type { Shell } from "./shell.ts";

/**
 * One small loop in the cave, far cheaper than an exec every two seconds. Its stdin is its life: when we are gone, however that came, it ends.
 */
const script = `
exec 3<&0
{ cat <&3 >/dev/null; kill -9 $$; } &
last=unknown
while :; do
  now=$(grep -h ' 0A ' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  [ "$now" = "$last" ] || echo
  last=$now
  sleep 2
done
`;

/** The ports as they are, and again whenever they change. Polls while somebody watches. */
export async function* watch(shell: Shell, signal: AbortSignal): AsyncGenerator<GuestEvent> {
  await using running = await shell.start(script, [], { stdin: true }, signal);
  let known = "";
  for await (const _ of running.stdout) {
    const current = await ports(shell, signal);
    const text = JSON.stringify(current);
    if (text === known) continue;
    known = text;
    yield { kind: "ports", ports: current };
  }
  await running.done;
}
