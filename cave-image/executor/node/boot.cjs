// Preloaded in a slot: waits for the program to be there. Node then opens it as it would any other.
"use strict";
const { readSync, writeSync, closeSync } = require("node:fs");

delete process.env.GHOST_BOOT;
if (process.argv[1].endsWith(".ts")) {
  // Starts the transpiler.
  require("node:module").stripTypeScriptTypes("const a: number = 1", { mode: "transform" });
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
