import { describe, expect, it } from "vitest";
import { SendWindow } from "./send-window.ts";
import { ackBytes, creditBytes } from "#contract/frames.ts";

/** A viewer behind a way of so many milliseconds that takes so many bytes a millisecond, offered more than it can take. */
function flood(wayMs: number, bytesPerMs: number, forMs: number, window = new SendWindow()) {
  let sent = 0;
  let taken = 0;
  let acked = 0;
  const under: { what: "output" | "ack"; offset: number; arrives: number }[] = [];
  let longest = 0;
  const sentAt: { offset: number; at: number }[] = [];
  let arrived = 0;
  for (let now = 0; now < forMs; now++) {
    for (const one of under.filter(({ arrives }) => arrives === now)) {
      if (one.what === "output") arrived = one.offset;
      else {
        acked = one.offset;
        window.acknowledged(acked, now);
      }
    }
    while (sent - acked < window.size) {
      sent += Math.min(4096, window.size - (sent - acked));
      window.sent(sent, now);
      sentAt.push({ offset: sent, at: now });
      under.push({ what: "output", offset: sent, arrives: now + 1 + Math.floor(wayMs / 2) });
    }
    const before = taken;
    taken = Math.min(arrived, taken + bytesPerMs);
    if (Math.floor(taken / 2048) > Math.floor(before / 2048))
      under.push({ what: "ack", offset: taken, arrives: now + 1 + Math.floor(wayMs / 2) });
    if (now > forMs / 2)
      for (const { at } of sentAt.filter(({ offset }) => offset > before && offset <= taken))
        longest = Math.max(longest, now - at);
  }
  return { window, rate: taken / forMs, longest };
}

describe("a send window", () => {
  it("grows to all of the credit for who is quick", () => {
    expect(flood(2, 30_000, 500).window.size).toBe(creditBytes);
  });

  it("keeps a far but quick viewer's way full", () => {
    const { window, rate } = flood(40, 8_000, 3_000);
    expect(window.size).toBe(creditBytes);
    expect(rate).toBeGreaterThan(4_000);
  });

  it.each([
    [2, 1_000],
    [2, 400],
    [30, 1_000],
  ])(
    "lets little queue before who is slow, and still keeps it busy (%i ms away, %i bytes/ms)",
    (way, speed) => {
      const { window, rate, longest } = flood(way, speed, 4_000);
      expect(longest).toBeLessThan(way + 75);
      expect(rate).toBeGreaterThan(speed * 0.8);
      expect(window.size).toBeGreaterThan(ackBytes);
    },
  );
});
