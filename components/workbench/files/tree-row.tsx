"use client";
import {
  ChevronRight,
  CornerDownRight,
  Download,
  File,
  FileArchive,
  FileCode,
  FileImage,
  FilePlus,
  FileText,
  Folder,
  FolderOpen,
  FolderPlus,
  Pencil,
  Trash2,
  type LucideIcon,
} from "lucide-react";
import { useState, type CSSProperties, type DragEvent } from "react";
import { explain } from "../../lib/api.ts";
import { cx } from "../../lib/cx.ts";
import { absolute } from "../../lib/time.ts";
import { bytes } from "../../lib/units.ts";
import { MenuItem, MenuLine, PointMenu, type Point } from "../../ui/menu.tsx";
import { NameField } from "./name-field.tsx";
import type { Row } from "./use-tree.ts";
import type { FileEntry } from "#contract/inside.ts";

interface Props {
  id: string;
  row: Row;
  style: CSSProperties;
  chosen: boolean;
  over: boolean;
  naming: boolean;
  onNamed: (name: string) => Promise<string | undefined>;
  onNameCancel: () => void;
  onChoose: () => void;
  onOpen: () => void;
  onDragStart: (event: DragEvent) => void;
  onDragOver: (event: DragEvent) => void;
  onDrop: (event: DragEvent) => void;
  actions:
    | false
    | {
        readonly save: () => void;
        readonly rename: () => void;
        readonly remove: () => void;
        readonly begin: (kind: "file" | "folder") => void;
      };
}

/** One line of the tree. */
export function TreeRow({ id, row, style, chosen, over, naming, actions, ...on }: Props) {
  const [menu, setMenu] = useState<Point>();
  const indent = { paddingLeft: 6 + (row.level - 1) * 12 };
  const place = "absolute inset-x-0 top-0 flex items-center gap-1.5 pr-2 text-sm select-none";
  if (row.kind === "note")
    return (
      <div
        id={id}
        role="treeitem"
        aria-level={row.level}
        aria-selected={chosen}
        className={cx(place, "text-faint")}
        style={{ ...style, ...indent }}
      >
        <span
          className="ml-5 truncate italic"
          title={row.error === undefined ? undefined : explain(row.error).title}
        >
          {row.text}
        </span>
      </div>
    );
  const { entry, open } = row;
  const Icon = iconOf(entry, open);
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-expanded={open}
      aria-selected={chosen}
      aria-label={entry.name}
      draggable={!naming}
      title={`${entry.path}\n${entry.kind === "folder" ? "" : `${bytes(entry.sizeBytes)}, `}changed ${absolute(entry.modifiedAt)}`}
      className={cx(
        place,
        over
          ? "bg-accent-wash"
          : chosen
            ? "bg-active [[role=tree]:focus-visible_&]:outline-1 [[role=tree]:focus-visible_&]:-outline-offset-1 [[role=tree]:focus-visible_&]:outline-accent"
            : "hover:bg-hover",
      )}
      style={{ ...style, ...indent }}
      onClick={() => {
        on.onChoose();
        on.onOpen();
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        on.onChoose();
        setMenu({ x: event.clientX, y: event.clientY });
      }}
      onDragStart={on.onDragStart}
      onDragOver={on.onDragOver}
      onDrop={on.onDrop}
    >
      <ChevronRight
        aria-hidden
        className={cx(
          "size-3.5 shrink-0 text-faint",
          open === undefined && "invisible",
          open === true && "rotate-90",
        )}
      />
      <Icon
        aria-hidden
        strokeWidth={1.75}
        className={cx("size-3.5 shrink-0", entry.kind === "folder" ? "text-accent-ink" : "text-faint")}
      />
      {naming ? (
        <NameField naming={{ kind: "rename", entry }} onDone={on.onNamed} onCancel={on.onNameCancel} />
      ) : (
        <span className={cx("truncate", entry.name.startsWith(".") && "text-dim")}>{entry.name}</span>
      )}
      {actions !== false && menu && (
        <PointMenu at={menu} onClose={() => setMenu(undefined)}>
          <MenuItem icon={<FilePlus aria-hidden />} onSelect={() => actions.begin("file")}>
            New file here
          </MenuItem>
          <MenuItem icon={<FolderPlus aria-hidden />} onSelect={() => actions.begin("folder")}>
            New folder here
          </MenuItem>
          <MenuLine />
          <MenuItem icon={<Download aria-hidden />} onSelect={actions.save}>
            {entry.kind === "folder" ? "Download as tar" : "Download"}
          </MenuItem>
          <MenuItem icon={<Pencil aria-hidden />} keys="f2" onSelect={actions.rename}>
            Rename
          </MenuItem>
          <MenuItem icon={<Trash2 aria-hidden />} keys="delete" danger onSelect={actions.remove}>
            Delete
          </MenuItem>
        </PointMenu>
      )}
    </div>
  );
}

const byEnding: readonly [RegExp, LucideIcon][] = [
  [/\.(?:png|jpe?g|gif|svg|webp|ico|bmp|avif)$/i, FileImage],
  [/\.(?:tar|t?gz|zip|xz|bz2|zst|7z|rar|jar|whl)$/i, FileArchive],
  [/\.(?:md|txt|rst|pdf|log|csv)$/i, FileText],
  [
    /\.(?:[cm]?[jt]sx?|py|rs|go|java|rb|php|c|h|cc|cpp|hpp|cs|sh|sql|html?|css|json|ya?ml|toml|xml|vue|svelte)$/i,
    FileCode,
  ],
];

function iconOf({ kind, name }: FileEntry, open: boolean | undefined): LucideIcon {
  if (kind === "folder") return open === true ? FolderOpen : Folder;
  if (kind === "link") return CornerDownRight;
  return byEnding.find(([ending]) => ending.test(name))?.[1] ?? File;
}
