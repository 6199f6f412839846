import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contains,
  firstAddress,
  formatSubnet,
  overlaps,
  parseSubnet,
  randomAddress,
  type Subnet,
} from "./subnet.ts";

const subnet = (text: string): Subnet => {
  const parsed = parseSubnet(text);
  if (!parsed) throw new Error(text);
  return parsed;
};

describe("subnets", () => {
  it("are read and written", () => {
    expect(formatSubnet(subnet("10.213.7.9/16"))).toBe("10.213.0.0/16");
    expect(formatSubnet(subnet("255.255.255.255"))).toBe("255.255.255.255/32");
    expect(firstAddress(subnet("10.213.0.0/16"))).toBe("10.213.0.1");
    for (const text of ["", "10.0.0.0/33", "10.0.0/8", "fd00::1/64", "10.0.0.0/x"])
      expect(parseSubnet(text)).toBeUndefined();
  });

  it("overlap or do not", () => {
    expect(overlaps(subnet("10.0.0.0/8"), subnet("10.213.0.0/16"))).toBe(true);
    expect(overlaps(subnet("10.213.0.0/16"), subnet("10.0.0.0/8"))).toBe(true);
    expect(overlaps(subnet("10.213.0.0/16"), subnet("10.214.0.0/16"))).toBe(false);
  });

  it("hand out addresses of hosts, never the gateway's, the network's or the broadcast", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 29 }), fc.ipV4(), (bits, base) => {
        const range = subnet(`${base}/${bits}`);
        const address = randomAddress(range);
        expect(contains(range, address)).toBe(true);
        expect([range.base, range.base + 1, range.base + 2 ** (32 - bits) - 1]).not.toContain(
          subnet(address).base,
        );
      }),
    );
  });
});
