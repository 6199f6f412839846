import { PackageOpen } from "lucide-react";
import Link from "next/link";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/states.tsx";
import { specOf, type PanelKind } from "./panels.ts";
import type { Cave } from "#contract/cave.ts";

const whole = "ghost/cave:base";
const another = `/?new&image=${whole}`;

/** What is not offered for this cave, and why. */
const missingOf = ({ lacks }: Pick<Cave, "lacks">): string =>
  lacks.includes("shell")
    ? `Its image has no shell and is not built on ${whole}: there are no files, processes, terminal, VS Code, Jupyter or desktop.`
    : `Its image is not built on ${whole}: there is no terminal, VS Code, Jupyter or desktop.`;

/** Over the panels of such a cave. */
export function LackingLine({ cave }: { cave: Cave }) {
  if (cave.lacks.length === 0) return null;
  return (
    <p className="flex shrink-0 flex-wrap gap-x-2 border-b border-line bg-canvas px-3 py-1.5 text-xs text-dim">
      {missingOf(cave)}
      <Link href={another} className="text-accent-ink underline underline-offset-3">
        New cave with them
      </Link>
    </p>
  );
}

/** In the place of a panel that a link or an earlier layout asks for. */
export function LackingPanel({ cave, kind }: { cave: Cave; kind: PanelKind }) {
  return (
    <div className="grid h-full place-items-center overflow-auto">
      <EmptyState
        icon={<PackageOpen aria-hidden />}
        title={`${specOf(kind).title} needs another image`}
        actions={
          <Button asChild>
            <Link href={another}>New cave from {whole}</Link>
          </Button>
        }
      >
        {missingOf(cave)} Commands still run in it: <code className="text-xs">ghost exec {cave.name} …</code>
      </EmptyState>
    </div>
  );
}
