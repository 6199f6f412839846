"use client";
import { Link, Share2 } from "lucide-react";
import { useStore } from "../../lib/store.ts";
import { IconButton } from "../../ui/button.tsx";
import { copy } from "../../ui/copy.ts";
import { Menu, MenuItem, MenuLabel } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { fragmentOf } from "../program/share-link.ts";
import { programNow } from "../program/workspace.ts";
import { session, shownRun } from "../session/session.ts";

/** Links that bring the program, or the run, to another browser. */
export function ShareMenu() {
  const runId = shownRun(useStore(session));
  const address = (end: string) => `${location.origin}/runs${end}`;
  return (
    <Menu
      trigger={
        <IconButton label="Share" size="sm">
          <Share2 />
        </IconButton>
      }
    >
      <MenuLabel>Copy a link</MenuLabel>
      <MenuItem icon={<Share2 aria-hidden />} onSelect={() => void copyProgram(address)}>
        To this program
        <span className="block text-xs text-faint">All of it is in the link. It does not run by itself.</span>
      </MenuItem>
      <MenuItem
        icon={<Link aria-hidden />}
        disabled={runId === undefined}
        onSelect={() => void share(address(`?run=${runId ?? ""}`), "The link to the run is copied")}
      >
        To this run and its output
        <span className="block text-xs text-faint">
          {runId === undefined ? "Run it first." : "For your own sign-in, on this Ghost."}
        </span>
      </MenuItem>
    </Menu>
  );
}

async function copyProgram(address: (end: string) => string): Promise<void> {
  const fragment = await fragmentOf(programNow());
  if (fragment === undefined)
    toast({
      tone: "danger",
      title: "The program is too large for a link",
      detail: "Run it, and share the link to the run.",
    });
  else await share(address(fragment), "The link to the program is copied");
}

async function share(text: string, done: string): Promise<void> {
  if (await copy(text)) toast({ key: "share", tone: "ok", title: done });
}
