import { randomInt } from "node:crypto";
import { isIPv4 } from "node:net";

/** An IPv4 range. */
export interface Subnet {
  base: number;
  bits: number;
}

export function parseSubnet(text: string): Subnet | undefined {
  const [address = "", bits = "32"] = text.split("/");
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  return { base: Math.floor(numberOf(address) / size) * size, bits: Number(bits) };
}

export function formatSubnet({ base, bits }: Subnet): string {
  return `${addressOf(base)}/${String(bits)}`;
}

export const sizeOf = ({ bits }: Subnet) => 2 ** (32 - bits);

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}

export function contains(subnet: Subnet, address: string): boolean {
  return isIPv4(address) && overlaps(subnet, { base: numberOf(address), bits: 32 });
}

/** Any host's address in the range but the first, which is the gateway's. */
export function randomAddress(subnet: Subnet): string {
  return addressOf(subnet.base + randomInt(2, sizeOf(subnet) - 1));
}

export function firstAddress(subnet: Subnet): string {
  return addressOf(subnet.base + 1);
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
