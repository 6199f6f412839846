import { expect, it } from "vitest";
import { Channel } from "./channel.ts";

it("makes a writer wait until its value is taken", async () => {
  const channel = new Channel<number>();
  const taken: number[] = [];
  const written = [1, 2].map((value) => channel.put(value).then(() => taken.push(value)));
  expect(await channel.take()).toEqual({ done: false, value: 1 });
  await written[0];
  expect(taken).toEqual([1]);
  expect(await channel.take()).toEqual({ done: false, value: 2 });
});

it("gives what was put before it closed, then the error once, then the end", async () => {
  const channel = new Channel<number>();
  void channel.put(1);
  channel.close(new Error("broken"));
  expect(await channel.take()).toEqual({ done: false, value: 1 });
  await expect(channel.take()).rejects.toThrow("broken");
  expect(await channel.take()).toEqual({ done: true, value: undefined });
});

it("lets nobody wait for a reader who has left", async () => {
  const channel = new Channel<number>();
  const waiting = channel.put(1);
  channel.leave();
  await Promise.all([waiting, channel.put(2)]);
  expect(await channel.take()).toEqual({ done: true, value: undefined });
});

it("wakes a reader who waits", async () => {
  const channel = new Channel<number>();
  const first = channel.take();
  await channel.put(7);
  expect(await first).toEqual({ done: false, value: 7 });
});
