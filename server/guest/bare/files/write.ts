import { randomUUID } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { AppError } from "../../../lib/app-error.ts";
import { feed } from "../../../lib/feed.ts";
import type { WriteOptions } from "../../guest.ts";
import { argumentOf, type BytePath } from "../cave-path.ts";
import type { Shell } from "../shell.ts";
import { collect, mayFail } from "../streams.ts";
import { readEntry } from "./entry.ts";
import { statFunctions } from "./stat.ts";
import type { FileEntry } from "#contract/inside.ts";

/** Sets `path` to the file that a link stands for, even if it is still to be made, so that the link stays a link. */
const follow = `
follow() {
  links=0
  while [ -h "$path" ]; do
    links=$((links + 1)); [ $links -le 40 ] || no file_not_found
    target=$(readlink -n -- "$path"; printf .); target=\${target%.}
    case $target in
      /*) path=$target ;;
      *) path=\${path%/*}/$target ;;
    esac
  done
}
`;

/**
 * The bytes end with a token: without it the upload broke off, whoever closed the pipe. The file is made beside the target and takes its
 * place in one step.
 */
const script = `
${statFunctions}${follow}
path "$1"; asked=$path; token=$2; mkdirs=$3; mode=$4; match=$5; new=$6
etag() { set -- $(stat -c '%i-%s-%y' -- "$path"); printf %s "\\"$1T$2\\""; }
check() {
  if [ -e "$path" ]; then
    [ -z "$new" ] || no file_changed
    [ -f "$path" ] || no file_kind
  fi
  [ -n "$match" ] || return 0
  [ -e "$path" ] || no file_changed
  [ "$match" != '*' ] || return 0
  case " $match " in *" $(etag) "*) ;; *) no file_changed ;; esac
}
[ -z "$mkdirs" ] || mkdir -p -- "\${path%/*}/" || exit 1
follow
check
upload=\${path%/*}/.ghost-upload-$token
trap 'rm -f -- "$upload"' EXIT
cat > "$upload" || exit 1
size=$(($(wc -c < "$upload") - \${#token}))
[ $size -ge 0 ] && [ "$(tail -c \${#token} "$upload" | tr -d '\\0')" = "$token" ] || exit 1
dd if=/dev/null of="$upload" bs=1 seek=$size 2>/dev/null || exit 1
check
[ -n "$mode" ] || [ ! -e "$path" ] || mode=$(stat -c %a -- "$path")
[ -z "$mode" ] || chmod "$mode" "$upload" || exit 1
if [ -n "$new" ]; then
  ln -- "$upload" "$path" || { [ ! -e "$path" ] || no file_changed; exit 1; }
else
  mv -f -- "$upload" "$path" || exit 1
fi
behind "$asked"
`;

const sweep = `${follow} path "$1"; follow; rm -f -- "\${path%/*}/.ghost-upload-$2"`;
const sweepMs = 10_000;

export async function writeFile(
  shell: Shell,
  path: BytePath,
  body: Readable,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<FileEntry> {
  const token = randomUUID();
  const stop = new AbortController();
  const life = AbortSignal.any([signal, stop.signal]);
  const args = [
    argumentOf(path),
    token,
    options.mkdirs ? "1" : "",
    options.mode === undefined ? "" : options.mode.toString(8),
    options.ifMatch?.replaceAll(",", " ") ?? "",
    options.ifNoneMatch === "*" ? "1" : "",
  ];
  mayFail(body);
  const running = await shell.start(script, args, { stdin: true }, life);
  const ended = { byItself: false };
  const note = () => {
    ended.byItself = !life.aborted;
  };
  running.done.then(note, note);
  try {
    const answer = collect(running.stdout, 65_536, "drop");
    answer.catch(() => undefined);
    await Promise.race([send(body, token, running.stdin, life), running.done]);
    await running.done;
    return readEntry(path, await answer);
  } catch (error) {
    if (ended.byItself) throw error;
    // Killed, the script cannot clean up.
    await running[Symbol.asyncDispose]();
    await running.done.catch(() => undefined);
    await shell.run(sweep, [argumentOf(path), token], AbortSignal.timeout(sweepMs)).catch(() => undefined);
    signal.throwIfAborted();
    throw error instanceof AppError
      ? error
      : new AppError("bad_request", "The upload broke off.", { cause: error });
  } finally {
    stop.abort();
  }
}

async function send(
  body: Readable,
  token: string,
  sink: Writable | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!sink) return;
  await feed(body, sink, signal);
  sink.end(token);
}
