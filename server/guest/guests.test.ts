import { expect, it } from "vitest";
import type { Backend } from "../backends/backend.ts";
import { Redacted } from "../lib/redacted.ts";
import { daemonToken, hashToken } from "./daemon-token.ts";
import { createGuests } from "./guests.ts";

const key = Buffer.alloc(32, 7);
const backend = { dial: () => Promise.reject(new Error("not here")) } as unknown as Backend;
const id = "cave-aaaaaaaaaaaaaaaa";

it("gives the same guest until it is dropped, or the cave is another", async () => {
  await using guests = createGuests(new Redacted(key));
  const first = guests.for({ id, backend, daemon: 1 });
  expect(guests.for({ id, backend, daemon: 1 })).toBe(first);
  expect(guests.for({ id, backend })).not.toBe(first);
  const again = guests.for({ id, backend, daemon: 1 });
  guests.drop(id);
  guests.drop(id);
  expect(guests.for({ id, backend, daemon: 1 })).not.toBe(again);
});

it("refuses a daemon of a protocol to come, not one of the past", async () => {
  await using guests = createGuests(new Redacted(key));
  for (const daemon of [1, 2]) expect(guests.for({ id, backend, daemon })).toBeDefined();
  expect(() => guests.for({ id, backend, daemon: 99 })).toThrow("protocol 99");
});

it("knows every cave's token from the key alone, and tells the cave only its hash", async () => {
  await using guests = createGuests(new Redacted(key));
  const token = daemonToken(key, id);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(token).toBe(daemonToken(Buffer.from(key), id));
  expect(token).not.toBe(daemonToken(key, "cave-bbbbbbbbbbbbbbbb"));
  expect(token).not.toBe(daemonToken(Buffer.alloc(32, 8), id));
  expect(guests.tokenHash(id)).toBe(hashToken(token));
  expect(hashToken("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
