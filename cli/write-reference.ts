import { writeFileSync } from "node:fs";
import { Cli } from "./lib/cli.ts";
import { createProgram } from "./lib/program.ts";
import { reference } from "./lib/reference.ts";

const { env, stdin, stdout, stderr } = process;
using cli = new Cli({ env, stdin, stdout, stderr, signal: new AbortController().signal, argv: undefined });
writeFileSync(new URL("../docs/cli.md", import.meta.url), reference(createProgram(cli)));
