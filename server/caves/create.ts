import { createHash } from "node:crypto";
import { requireScope } from "../auth/actor.ts";
import type { Backend } from "../backends/backend.ts";
import type { Call } from "../context.ts";
import { AppError } from "../lib/app-error.ts";
import { newId } from "../lib/new-id.ts";
import type { IdempotentRequest } from "../store/idempotency.ts";
import type { Repositories } from "../store/store.ts";
import type { CaveRecord } from "./cave-record.ts";
import { finishCreate } from "./finish-create.ts";
import { until } from "./keyed-lock.ts";
import { suggestName } from "./names.ts";
import { reporter } from "./progress.ts";
import { viewOf } from "./view.ts";
import { defaultLimits, Cave, type CreateCave, type Progress } from "#contract/cave.ts";

export interface CreateCaveRequest {
  body: CreateCave;
  /** Answer when the cave can be used, or at once. */
  wait: "ready" | "none";
  /** What becomes of a cave that cannot be made while somebody waits for it; otherwise it stays, and says why. */
  onFailure?: "remove" | "keep";
  /** The same key with the same request is one cave, for a day. */
  idempotencyKey?: string | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * One transaction before the engine is touched, one after. A caller who goes away ends the waiting, not the create: it is in the store by
 * then, and a retry with the same key finds it.
 */
export async function createCave(call: Call, request: CreateCaveRequest, signal: AbortSignal): Promise<Cave> {
  const { actor, fleet, store } = call;
  const { body, wait, idempotencyKey: key } = request;
  requireScope(actor, "caves:write");
  const backend = call.backends.get(body.backend);
  refuseWhatItCannot(backend, body);
  const secrets = await call.vault.reveal(actor.user.id, body.secrets);

  const kept =
    body.name === undefined ? undefined : await store.caves.findKept(actor.user.id, body.name, backend.name);
  const record = newCave(call, body, kept?.id);
  const idempotency = key === undefined ? undefined : { ownerId: actor.user.id, key };
  using stack = new DisposableStack();
  stack.use(await fleet.locks.hold(record.id, signal)); // before anybody can see the record
  const known = await store.transaction(async (tx) => {
    const known = idempotency && (await sameRequest(tx, idempotency, hashOf(request)));
    if (known) return known;
    await refuseTooMany(tx, call);
    if (kept) await tx.caves.forgetRemoved(kept.id);
    if (body.name === undefined) record.name = await freeName(tx);
    await tx.caves.insert(record);
    if (idempotency) {
      const { id: caveId, createdAt } = record;
      await tx.idempotency.insert({ ...idempotency, requestHash: hashOf(request), caveId, createdAt });
      if (wait === "none")
        await tx.idempotency.answer(idempotency.ownerId, idempotency.key, viewOf(record, fleet.live));
    }
    return undefined;
  });
  if (known) return await replay(call, request, known, signal);

  fleet.publish(record);
  const asked = viewOf(record, fleet.live);
  const report = reporter(
    record.id,
    request.onProgress && ((progress) => signal.aborted || request.onProgress?.(progress)),
  );
  const done = finishCreate(call, record, {
    onFailure: wait === "none" ? "keep" : (request.onFailure ?? "remove"),
    report,
    secrets,
    idempotency: wait === "none" ? undefined : idempotency,
  });
  const lock = stack.move(); // the create holds it for as long as it takes
  const settled = () => lock.dispose();
  done.then(settled, settled);
  return wait === "none" ? asked : await until(done, signal);
}

/** Requests with one key become one cave and one answer, also when they run at the same time. */
async function replay(
  call: Call,
  request: CreateCaveRequest,
  known: IdempotentRequest,
  signal: AbortSignal,
): Promise<Cave> {
  if (known.answer !== undefined) return Cave.parse(known.answer);
  const creation = call.fleet.creations.get(known.caveId);
  if (creation) return until(creation.done, signal);
  {
    using _made = await call.fleet.locks.hold(known.caveId, signal);
  }
  const record = await call.store.caves.find(known.caveId);
  // Gone: it could not be made, and its key with it. Here: a gateway died after making it, before answering.
  return record === undefined ? createCave(call, request, signal) : viewOf(record, call.fleet.live);
}

async function sameRequest(
  tx: Repositories,
  { ownerId, key }: { ownerId: string; key: string },
  requestHash: string,
) {
  const known = await tx.idempotency.find(ownerId, key);
  if (known === undefined || known.requestHash === requestHash) return known;
  throw new AppError("idempotency_conflict", "This Idempotency-Key was used for a different request.");
}

function newCave(call: Call, body: CreateCave, keptId: string | undefined): CaveRecord {
  const { user } = call.actor;
  const now = call.now();
  return {
    id: keptId ?? newId("cave"),
    name: body.name ?? "",
    ownerId: user.id,
    ownerName: user.name,
    backend: body.backend,
    image: body.image,
    state: "creating",
    desired: "running",
    limits: { ...defaultLimits, ...definedOf(body.limits) },
    network: body.network,
    env: body.env,
    secrets: body.secrets,
    services: (["desktop", "code", "jupyter"] as const).filter((name) => body.services[name] === true),
    createdAt: now,
    activityAt: now,
    activityWhat: "created",
    idleTimeoutMs: body.idleTimeoutMs,
    expiresAt: body.ttlMs === undefined ? undefined : new Date(now.getTime() + body.ttlMs),
    // The workspace of an earlier cave outlives a create that fails.
    keepWorkspace: keptId !== undefined,
  };
}

function refuseWhatItCannot(backend: Backend, { network }: CreateCave): void {
  if (backend.can.networks.includes(network.mode)) return;
  throw new AppError(
    "unsupported",
    `The backend ${backend.name} cannot keep a network in mode ${network.mode}.`,
    {
      details: { networks: backend.can.networks },
    },
  );
}

async function refuseTooMany(tx: Repositories, { actor, config }: Call): Promise<void> {
  const { maxPerUser } = config.caves;
  if ((await tx.caves.countOf(actor.user.id)) < maxPerUser) return;
  throw new AppError("limit_reached", `You have ${maxPerUser} caves, which is as many as you may have.`, {
    details: { limit: "cavesPerUser", max: maxPerUser },
  });
}

async function freeName(tx: Repositories): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const name = suggestName(attempt);
    if ((await tx.caves.find(name)) === undefined) return name;
  }
  throw new AppError("cave_name_taken", "No free name was found; give one.");
}

function hashOf({ body, wait }: CreateCaveRequest): string {
  return createHash("sha256").update(canonical({ body, wait })).digest("hex");
}

/** JSON with sorted keys: the order in which a client writes them means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}

function definedOf(limits: CreateCave["limits"]): Partial<CaveRecord["limits"]> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
