import type { Call } from "../context.ts";
import { drive } from "./drive.ts";
import type { Language } from "./languages.ts";
import { RunInput } from "#contract/run.ts";

/** As images say it, by image and label. */
const known = new Map<string, string>();

/** The version that an image's language is of; asked from the image once, and told from then on. */
export function versionOf(call: Call, language: Language, imageId: string): string | undefined {
  const key = `${imageId} ${language.name}`;
  const version = known.get(key);
  if (version !== undefined) return version === "" ? undefined : version;
  known.set(key, "");
  void ask(call, language)
    .then((found) => known.set(key, found))
    .catch(() => known.delete(key));
  return undefined;
}

/** Runs nothing but the question, in a slot like any other. */
async function ask({ executor }: Call, language: Language): Promise<string> {
  const signal = AbortSignal.timeout(30_000);
  const { compile: _compile, boot: _boot, ...plain } = language;
  const input = RunInput.parse({ language: language.name, code: "", timeoutMs: 10_000 });
  const lease = await executor.pools.lease(
    executor.kindOf(language, { network: false, runtime: undefined }),
    signal,
    { demand: false },
  );
  const said: Buffer[] = [];
  try {
    await drive({
      warm: lease.warm,
      language: { ...plain, fileName: ".version", run: () => language.versionArgv },
      input,
      onOutput: (_, __, bytes) => said.push(bytes),
      cancelled: signal,
    });
  } finally {
    void lease.end("ended");
  }
  return /\d+(\.\d+)+/.exec(Buffer.concat(said).toString())?.[0] ?? "";
}
