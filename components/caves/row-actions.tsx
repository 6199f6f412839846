"use client";
import { Copy, Ellipsis, Monitor, Pause, Play, RotateCw, Square, SquareTerminal, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, type ComponentProps } from "react";
import { Button } from "../ui/button.tsx";
import { copy } from "../ui/copy.ts";
import { Menu, MenuItem, MenuLine } from "../ui/menu.tsx";
import { useAct, useDoing } from "./api/act.ts";
import { verbsFor, verbWords, type Verb } from "./states.ts";
import { hasDesktop } from "./use-peek.ts";
import type { Cave } from "#contract/cave.ts";

const icons: Record<Verb, typeof Play> = {
  start: Play,
  stop: Square,
  restart: RotateCw,
  pause: Pause,
  resume: Play,
  remove: Trash2,
};

interface Props {
  cave: Cave;
  onRemove: (cave: Cave) => void;
  /** Shows its desktop beside the row, where there is room for that. */
  onPeek?: (() => void) | undefined;
}

/**
 * The likeliest thing to do with a cave, and the rest in a menu. While somebody scrolls, rows come at sixty a second: so tips are the browser's
 * own, and a menu is made when it is first opened.
 */
export function RowActions({ cave, onRemove, onPeek }: Props) {
  const [opened, setOpened] = useState(false);
  const run = useAct();
  const doing = useDoing(cave.id);
  const verbs = verbsFor[cave.state];
  const first = verbs.find((verb) => verb === "start" || verb === "stop" || verb === "resume");
  const Icon = first && icons[first];
  return (
    <span className="flex justify-end gap-0.5">
      {first && Icon && (
        <Button
          kind="quiet"
          className="w-7 px-0"
          aria-label={`${verbWords[first].do} ${cave.name}`}
          title={verbWords[first].do}
          busy={doing !== undefined}
          onClick={() => run(cave, first)}
        >
          <Icon />
        </Button>
      )}
      {opened ? (
        <RowMenu cave={cave} onRemove={onRemove} onPeek={onPeek} />
      ) : (
        <More cave={cave} aria-haspopup="menu" aria-expanded={false} onClick={() => setOpened(true)} />
      )}
    </span>
  );
}

const More = ({ cave, ...rest }: { cave: Cave } & ComponentProps<"button">) => (
  <Button kind="quiet" className="w-7 px-0" aria-label={`More for ${cave.name}`} title="More" {...rest}>
    <Ellipsis />
  </Button>
);

function RowMenu({ cave, onRemove, onPeek }: Props) {
  const router = useRouter();
  const run = useAct();
  const doing = useDoing(cave.id);
  const verbs = verbsFor[cave.state];
  return (
    <Menu defaultOpen trigger={<More cave={cave} />}>
      <MenuItem
        icon={<SquareTerminal aria-hidden />}
        keys="enter"
        onSelect={() => router.push(`/caves/${cave.name}`)}
      >
        Open
      </MenuItem>
      {onPeek && hasDesktop(cave) && (
        <MenuItem icon={<Monitor aria-hidden />} keys="v" onSelect={onPeek} className="pointer-coarse:hidden">
          Look at the desktop
        </MenuItem>
      )}
      <MenuLine />
      {verbs
        .filter((verb) => verb !== "remove")
        .map((verb) => {
          const VerbIcon = icons[verb];
          return (
            <MenuItem
              key={verb}
              icon={<VerbIcon aria-hidden />}
              disabled={doing !== undefined}
              onSelect={() => run(cave, verb)}
            >
              {verbWords[verb].do}
            </MenuItem>
          );
        })}
      <MenuItem icon={<Copy aria-hidden />} onSelect={() => void copy(cave.id)}>
        Copy id
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={<Trash2 aria-hidden />}
        keys="delete"
        danger
        disabled={!verbs.includes("remove")}
        onSelect={() => onRemove(cave)}
      >
        Delete …
      </MenuItem>
    </Menu>
  );
}
