import type { Command } from "commander";
import type { Cli } from "../lib/cli.ts";
import { CopyProgress } from "../lib/copy-progress.ts";
import { caveToCave, caveToLocal, caveToPipe, localToCave, pipeToCave } from "../lib/copy.ts";
import { usage } from "../lib/failure.ts";
import { parsePlace } from "../lib/place.ts";

export function addCp(program: Command, cli: Cli): void {
  program
    .command("cp <from> <to>")
    .description("Copy files and folders into a cave, out of it, or between two")
    .addHelpText(
      "after",
      `
A path in a cave is written cave:path; relative ones start at /workspace. - is stdin or stdout.

  ghost cp notes.md my-cave:                 into /workspace
  ghost cp src my-cave:/workspace/           the folder
  ghost cp src/. my-cave:/workspace/         what is in the folder
  ghost cp my-cave:results .                 out of the cave; links that lead out of it are left out
  ghost cp my-cave:data other-cave:data      from cave to cave
  ghost cp my-cave:report.csv - | head       to stdout; a folder comes as tar`,
    )
    .action(async (from: string, to: string) => {
      const [source, target] = [parsePlace(from), parsePlace(to)];
      const client = await cli.api();
      using progress = new CopyProgress(cli);
      const copy = { cli, client, progress };
      if (source.kind === "cave") {
        if (target.kind === "cave") await caveToCave(copy, source, target);
        else if (target.kind === "pipe") await caveToPipe(copy, source);
        else await caveToLocal(copy, source, target.path);
      } else if (target.kind !== "cave")
        throw usage("Neither side is in a cave.", "Write that one like my-cave:path.");
      else if (source.kind === "pipe") await pipeToCave(copy, target);
      else await localToCave(copy, source.path, target);
    });
}
