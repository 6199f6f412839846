import { expect, it } from "vitest";
import { toBase64 } from "../../lib/base64.ts";
import { emptyProgram, type Program } from "./program.ts";
import { fragmentOf, mostInLink, programOfFragment } from "./share-link.ts";

const program: Program = {
  ...emptyProgram("python"),
  code: "print('é')\n".repeat(200),
  files: { "data/in.csv": "a,b\n", "blob.bin": { base64: "AP8=" } },
  stdin: "one\n",
  args: "-v 'two words'",
  limits: { timeoutMs: 5000 },
  network: true,
};
/** As somebody else might make one. */
async function linkOf(given: unknown): Promise<string> {
  const packed = new Blob([JSON.stringify(given)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const letters = toBase64(new Uint8Array(await new Response(packed).arrayBuffer()));
  return `#program=1.${letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

it("carries a whole program in an address, small", async () => {
  const fragment = (await fragmentOf(program)) ?? "";
  expect(fragment.length).toBeLessThan(400);
  expect(fragment).toMatch(/^#program=1\.[\w-]+$/);
  expect(await programOfFragment(fragment)).toEqual(program);
});

it("makes no link of what would not survive being sent", async () => {
  const noise = Array.from({ length: 40_000 }, (_, at) => ((at * 2_654_435_761) >>> 7).toString(36)).join("");
  expect(await fragmentOf({ ...program, code: noise })).toBeUndefined();
});

it("refuses links that are damaged, of another kind, or made to fill the memory", async () => {
  const whole = (await fragmentOf(program)) ?? "";
  await expect(programOfFragment(whole.slice(0, -20))).rejects.toThrow("damaged");
  await expect(programOfFragment("#program=1.%%%")).rejects.toThrow("damaged");
  await expect(programOfFragment("#program=9.AAAA")).rejects.toThrow("another version");
  await expect(programOfFragment(`#program=1.${"A".repeat(mostInLink + 1)}`)).rejects.toThrow("longer");
  const bomb = await linkOf({ language: "python", code: "x".repeat(8_000_000) });
  expect(bomb.length).toBeLessThan(mostInLink);
  await expect(programOfFragment(bomb)).rejects.toThrow("damaged");
});

it("takes of a stranger's program only what a program can have", async () => {
  const read = async (more: object) => programOfFragment(await linkOf({ language: "c", code: "", ...more }));
  await expect(read({ files: { "../x": "" } })).rejects.toThrow("damaged");
  await expect(read({ files: { x: { base64: "not base64" } } })).rejects.toThrow("damaged");
  await expect(read({ language: "<b>" })).rejects.toThrow("damaged");
  await expect(read({ code: 7 })).rejects.toThrow("damaged");
  const odd = { limits: { timeoutMs: 9e9, memoryMb: 64, nonsense: 1 }, network: "yes", other: 1 };
  expect(await read(odd)).toEqual({ ...emptyProgram("c"), limits: { memoryMb: 64 } });
});
