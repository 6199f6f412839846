"use client";
import { Columns3, ListFilter, Plus, Search, X } from "lucide-react";
import type { RefObject } from "react";
import { useStore } from "../lib/store.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Input } from "../ui/input.tsx";
import { Keys } from "../ui/kbd.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine, MenuToggle } from "../ui/menu.tsx";
import { stateWords } from "../ui/state-dot.tsx";
import { chosenColumns, columns, toggleColumn } from "./columns.ts";
import { filterKeys, toggleTerm } from "./query.ts";
import { CaveStates } from "./states.ts";

interface Props {
  text: string;
  onText: (text: string) => void;
  problem: string | undefined;
  found: number;
  total: number;
  /** Names of all caves' owners. */
  owners: readonly string[];
  input: RefObject<HTMLInputElement | null>;
  onLeave: () => void;
  onNew: () => void;
  mayCreate: boolean;
}

export function FilterBar({
  text,
  onText,
  problem,
  found,
  total,
  owners,
  input,
  onLeave,
  onNew,
  mayCreate,
}: Props) {
  const chosen = useStore(chosenColumns);
  const terms = text.split(/\s+/);
  return (
    <div className="flex shrink-0 items-center gap-2 px-3 py-2.5">
      <div className="relative min-w-0 max-w-xl grow">
        <Search className="absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint" aria-hidden />
        <Input
          ref={input}
          type="search"
          aria-label="Filter caves"
          aria-invalid={problem !== undefined || undefined}
          aria-describedby="filter-note"
          aria-keyshortcuts="/"
          placeholder="state:running image:full"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && text !== "") {
              event.preventDefault();
              onText("");
            } else if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "Escape")
              onLeave();
          }}
          className="pr-16 pl-8 font-mono text-xs [&::-webkit-search-cancel-button]:hidden"
        />
        <span className="absolute top-1/2 right-2 flex -translate-y-1/2 items-center gap-1">
          {text === "" ? (
            <span className="pointer-coarse:hidden">
              <Keys keys="/" />
            </span>
          ) : (
            <>
              <span className="figures text-faint">
                {found}/{total}
              </span>
              <IconButton label="Clear the filter" size="sm" onClick={() => onText("")}>
                <X />
              </IconButton>
            </>
          )}
        </span>
        <p
          id="filter-note"
          role="status"
          className={
            problem === undefined
              ? "sr-only"
              : "absolute top-full z-20 mt-1 rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-xs text-danger shadow-float"
          }
        >
          {problem ?? (text === "" ? "" : `${found} of ${total} caves`)}
        </p>
      </div>
      <div className="ml-auto flex items-center gap-2">
        <Menu
          trigger={
            <Button aria-label="Filter" className="max-sm:hidden">
              <ListFilter aria-hidden />
              Filter
            </Button>
          }
        >
          <MenuLabel>State</MenuLabel>
          {CaveStates.slice(0, 5).map((state) => (
            <MenuToggle
              key={state}
              checked={terms.includes(`state:${state}`)}
              onChange={() => onText(toggleTerm(text, "state", state))}
            >
              {stateWords[state]}
            </MenuToggle>
          ))}
          <MenuLine />
          <MenuLabel>Owner</MenuLabel>
          {["me", ...owners].map((owner) => (
            <MenuToggle
              key={owner}
              checked={terms.includes(`owner:${owner}`)}
              onChange={() => onText(toggleTerm(text, "owner", owner))}
            >
              {owner === "me" ? "Mine" : owner}
            </MenuToggle>
          ))}
          <MenuLine />
          <MenuLabel>Or write it: {Object.keys(filterKeys).join(", ")}</MenuLabel>
          <MenuItem onSelect={() => onText("-state:stopped")}>
            <code className="text-xs">-state:stopped</code>
          </MenuItem>
        </Menu>
        <Menu
          trigger={
            <Button aria-label="Columns" className="max-md:hidden">
              <Columns3 aria-hidden />
              Columns
            </Button>
          }
        >
          {columns.map(({ id, name }) => (
            <MenuToggle key={id} checked={chosen.includes(id)} onChange={() => toggleColumn(id)}>
              {name}
            </MenuToggle>
          ))}
        </Menu>
        {mayCreate && (
          <Button kind="primary" onClick={onNew} aria-keyshortcuts="n">
            <Plus aria-hidden />
            New cave
          </Button>
        )}
      </div>
    </div>
  );
}
