import type Docker from "dockerode";
import { statusOf } from "./errors.ts";

/** In the environment of every process that `exec` starts, and so of all that it starts in turn. */
export const markerName = "GHOST_EXEC";

/**
 * Kills what carries the marker, again until a round finds nothing, because a process can fork while it is looked for. With the shell's own means
 * alone: `read` drops the zero bytes that end the variables in /proc/<pid>/environ.
 */
const script = `
round=0
while [ $round -lt 20 ]; do
  round=$((round + 1)); found=
  for dir in /proc/[0-9]*; do
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$1"*)
        read -r _ _ state _ < "$dir/stat" || break
        [ "$state" = Z ] || { kill -9 "\${dir#/proc/}" && found=1; }
        break
      esac
    done < "$dir/environ"
  done
  [ -n "$found" ] || exit 0
done
`;

/** Closing a `docker exec` leaves its process running, so a second one has to end it. */
export async function killMarked(container: Docker.Container, marker: string, user: string): Promise<void> {
  try {
    const execution = await container.exec({
      Cmd: ["sh", "-c", `exec 2>/dev/null; ${script}`, "sh", `${markerName}=${marker}`],
      User: user,
      WorkingDir: "/",
      AttachStdout: true,
    });
    const stream = await execution.start({ hijack: true });
    stream.resume();
    await new Promise<void>((resolve) => {
      stream.on("close", () => resolve());
      stream.on("error", () => resolve());
    });
  } catch (error) {
    // Gone or stopped: so is the process.
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
}
