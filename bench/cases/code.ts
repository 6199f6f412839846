import { openLab } from "../../tests/support/lab.ts";
import { type Case, figure, time } from "../harness.ts";

/** VS Code from the address to a workbench that shows the workspace's files: in caves that never ran it, and where it runs and the browser knows it. */
export const code: Case = {
  name: "code",
  async run(report) {
    const cold: number[] = [];
    const warm: number[] = [];
    for (let i = 0; i < 3; i++) {
      await using lab = await openLab();
      await lab.put("README.md", "# Read me\n");
      const open = () =>
        time(async () => {
          await lab.go("code");
          await lab.page.getByRole("treeitem", { name: "README.md" }).waitFor();
        });
      cold.push(await open());
      for (let again = 0; again < 4; again++) warm.push(await open());
    }
    const first = figure("VS Code usable after the first open", cold, { goal: "p95 ≤ 12000 ms" });
    report({ ...first, met: first.p95 <= 12_000 });
    const next = figure("VS Code usable when warm", warm, { goal: "p50 ≤ 2000 ms" });
    report({ ...next, met: next.p50 <= 2_000 });
  },
};
