// Preloaded in a slot: waits for the program to be there. Node then opens it as it would any other.
"use strict";
const { readSync, writeSync, closeSync } = require("node:fs");

delete process.env.GHOST_BOOT;
if (process.argv[1].endsWith(".ts")) {
  // Starts the transpiler, and has the engine compile what of it most programs need.
  const sample = `
    interface Named<T> { readonly name?: T; tags: string[] }
    enum Kind { One, Two = "two" }
    type Sum = (a: number, ...rest: number[]) => number | undefined;
    abstract class Base<T extends Named<string>> {
      private n = 1;
      constructor(public readonly named: T) {}
      async each(this: Base<T>, by?: Sum): Promise<void> { for (const tag of this.named.tags) if (tag as unknown) continue; }
    }
    const sum: Sum = (a) => a!;
    export { Base, Kind, sum };`;
  require("node:module").stripTypeScriptTypes(sample, { mode: "transform", sourceMap: true });
}
// What the first line of output loads. Stdout itself stays untouched: to open it changes how the pipe behaves.
require("node:net");
const { Console } = require("node:console");
const { Writable } = require("node:stream");
new Console(new Writable({ write: (_chunk, _encoding, done) => done() })).log("%s", { a: [1] });
writeSync(3, "+");
const parts = [];
const buffer = Buffer.allocUnsafe(65536);
for (let length; (length = readSync(3, buffer)) > 0;) parts.push(Buffer.from(buffer.subarray(0, length)));
closeSync(3);
// Every word ends with a zero.
process.argv.push(...Buffer.concat(parts).toString().split("\0").slice(0, -1));
process.execArgv.length = 0;
// Taking the engine apart costs 2 ms, and the container goes anyway. Whoever else listens is called first, by the second event. What fails ends as
// ever: only after its event does Node print why.
process.once("exit", (code) => {
  if (code !== 0) return;
  process.emit("exit", code);
  process.reallyExit(process.exitCode ?? code);
});
