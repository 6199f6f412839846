import { afterEach, expect, it, vi } from "vitest";
import { chunksOf } from "./chunks.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("passes on what comes, and lets go of a body that its reader leaves", async () => {
  const cancelled = vi.fn();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => [1, 2, 3].forEach((one) => controller.enqueue(Uint8Array.of(one))),
    cancel: cancelled,
  });
  const seen: number[] = [];
  for await (const [one = 0] of chunksOf(body, 1000)) {
    seen.push(one);
    if (one === 2) break;
  }
  expect(seen).toEqual([1, 2]);
  expect(cancelled).toHaveBeenCalledOnce();
});

it("ends a connection on which nothing comes any more, and none that goes on slowly", async () => {
  vi.useFakeTimers();
  const cancelled = vi.fn();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (given) => (controller = given), cancel: cancelled });
  const chunks = chunksOf(body, 1000);
  for (let at = 0; at < 3; at++) {
    const next = chunks.next();
    await vi.advanceTimersByTimeAsync(900);
    controller?.enqueue(Uint8Array.of(at));
    expect(await next).toMatchObject({ done: false });
  }
  const ended = expect(chunks.next()).rejects.toThrow("Nothing came");
  await vi.advanceTimersByTimeAsync(1000);
  await ended;
  expect(cancelled).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
