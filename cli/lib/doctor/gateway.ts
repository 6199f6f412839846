import type { Cli } from "../cli.ts";
import { describeBuild } from "../create-progress.ts";
import { reasonOf } from "../failure.ts";
import { version } from "../version.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";
import { GhostError, type Client } from "#contract/client.ts";
import type { BackendStatus, ImageBuild } from "#contract/system.ts";

const up = "Start it with `npm run up`, or set GHOST_URL to where it runs.";

/** What the gateway says, each question on its own. */
export async function checkGateway(cli: Cli): Promise<Finding[]> {
  const client = await cli.api();
  const { url } = cli.credentials;
  const call = { signal: AbortSignal.any([cli.signal, AbortSignal.timeout(10_000)]) };
  try {
    const health = await client.system.health({}, call);
    const first = [
      ok("gateway", `Ghost ${health.version} answers at ${url}.`),
      ...checkVersion(health.version),
    ];
    return [...first, ...(await checkSignedIn(client, call))];
  } catch (error) {
    cli.signal.throwIfAborted();
    const unwell = error instanceof GhostError && error.code !== "unreachable";
    return [
      unwell
        ? fail("gateway", `Ghost at ${url} is not well: ${error.message}`, error.hint || up)
        : fail("gateway", `Ghost does not answer at ${url}.`, up),
    ];
  }
}

function checkVersion(theirs: string): Finding[] {
  if (theirs === version) return [];
  return [
    warn(
      "version",
      `The gateway is ${theirs}, this command is ${version}.`,
      "Use both from the same checkout.",
    ),
  ];
}

async function checkSignedIn(client: Client, call: { signal: AbortSignal }): Promise<Finding[]> {
  let who: Finding;
  try {
    const { user, scopes } = await client.accounts.me({}, call);
    who = ok("token", `Signed in as ${user.name}, with ${scopes.join(", ")}.`);
  } catch (error) {
    return [
      fail(
        "token",
        `The gateway does not accept the token: ${reasonOf(error)}`,
        "Run `npm run up` again for a fresh one, or set GHOST_TOKEN.",
      ),
    ];
  }
  const parts = await Promise.all([
    settle("backends", async () => (await client.system.backends({}, call)).backends.map(checkBackend)),
    settle("images", async () => (await client.system.images({}, call)).images.map(checkImage)),
  ]);
  return [who, ...parts.flat()];
}

async function settle(check: string, ask: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await ask();
  } catch (error) {
    return [
      warn(
        check,
        `The gateway did not tell: ${reasonOf(error)}`,
        "A token with the scope caves:read may ask.",
      ),
    ];
  }
}

export function checkBackend({
  name,
  reachable,
  reason,
  version: engine,
  facts,
  isolation,
}: BackendStatus): Finding {
  const check = `backend ${name}`;
  if (!reachable)
    return fail(
      check,
      `It does not answer${reason === undefined ? "" : `: ${reason}`}.`,
      "Start its engine; the lines above tell more.",
    );
  const known = Object.entries(facts).map(([fact, value]) => `${fact} ${String(value)}`);
  const says = [`${engine ?? "reachable"}, isolation ${isolation.grade}`, ...known].join(", ");
  return isolation.grade === "reduced"
    ? warn(check, `${says}.`, isolation.notes.join(" ") || "See docs.")
    : ok(check, `${says}.`);
}

export function checkImage(build: ImageBuild): Finding {
  const check = `image ${build.flavor}`;
  const says = `${describeBuild(build)}.`;
  switch (build.state) {
    case "ready":
      return ok(check, says);
    case "building":
      return warn(check, says, "Wait; `ghost create` shows how far it is.");
    case "missing":
      return warn(check, says, "`npm run up` builds it.");
    case "failed":
      return fail(
        check,
        `${says} ${build.error ?? ""}`.trim(),
        "Run `npm run up` again; its output tells more.",
      );
  }
}
