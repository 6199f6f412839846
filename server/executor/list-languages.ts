import { requireScope } from "../auth/actor.ts";
import type { Call } from "../context.ts";
import { isAppError } from "../lib/app-error.ts";
import { buildCommand, imageOf, languageOf, languages, type Language } from "./languages.ts";
import { limitsOf } from "./run-record.ts";
import { isolationOf, runtimesOf } from "./runtimes.ts";
import { versionOf } from "./versions.ts";
import { RunInput, type LanguageList, type LanguageStatus } from "#contract/run.ts";

const defaults = limitsOf(RunInput.parse({ language: "python", code: "" }));

export async function listLanguages(call: Call, signal: AbortSignal): Promise<LanguageList> {
  requireScope(call.actor, "runs");
  const { executor } = call;
  executor.wake();
  const found = await Promise.all(languages.map((language) => statusOf(call, language, signal)));
  const runtimes = await runtimesOf(executor.backend, signal);
  const budgetMb = call.config.executor.memoryMb;
  return {
    languages: found,
    runtimes: runtimes.names.map((name) => ({
      name,
      default: name === runtimes.default,
      isolation: isolationOf(name),
    })),
    memory: { budgetMb, usedMb: executor.pools.usedMb },
    running: executor.admission.running,
    queued: executor.admission.waiting,
  };
}

/** So many wait from now on; starting them may take a while. */
export async function resizePool(
  call: Call,
  { language: name, size }: { language: string; size: number },
  signal: AbortSignal,
): Promise<LanguageStatus> {
  requireScope(call.actor, "admin");
  const language = languageOf(name);
  const { executor } = call;
  executor.wake();
  executor.pools.resize(executor.kindOf(language, { network: false, runtime: undefined }), size);
  return statusOf(call, language, signal);
}

async function statusOf(call: Call, language: Language, signal: AbortSignal): Promise<LanguageStatus> {
  const { executor, images } = call;
  const { name, title, aliases, fileName, diskMb, compileTimeoutMs, example } = language;
  const image = await images.find(executor.backend, imageOf(language), signal).catch((error: unknown) => {
    if (isAppError(error, "backend_unavailable")) return undefined;
    throw error;
  });
  const pool = executor.pools.of(executor.kindOf(language, { network: false, runtime: undefined }));
  const version = image && versionOf(call, language, image.id);
  return {
    ...{ name, title, aliases: [...aliases], fileName, example },
    ...(version !== undefined && { version }),
    compiled: language.compile !== undefined && language.boot === undefined,
    image: imageOf(language),
    ready: image !== undefined,
    build: buildCommand(language),
    limits: { defaults, diskMb, compileTimeoutMs },
    pool: {
      target: pool.target,
      available: pool.ready.length,
      starting: pool.starting,
      active: pool.active,
      hits: pool.hits,
      misses: pool.misses,
    },
  };
}
