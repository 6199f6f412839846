"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  ChevronsDownUp,
  Download,
  Ellipsis,
  Eye,
  FilePlus,
  FolderPlus,
  Pencil,
  RotateCw,
  Trash2,
  Upload,
} from "lucide-react";
import { useEffect, useId, useRef, useState, type DragEvent, type KeyboardEvent } from "react";
import { api } from "../../lib/api.ts";
import { cx } from "../../lib/cx.ts";
import { download } from "../../lib/download.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuLine, MenuToggle } from "../../ui/menu.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { toast, toastError } from "../../ui/toast.tsx";
import { PanelBar } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { droppedFiles, type Dropped } from "./dropped-files.ts";
import { NameField } from "./name-field.tsx";
import { isUnder, join, nameOf, nameProblem, parentOf, workspace } from "./paths.ts";
import { TreeRow } from "./tree-row.tsx";
import { UploadList } from "./upload-list.tsx";
import { upload } from "./uploads.ts";
import { inFolder, useTree, type Row } from "./use-tree.ts";
import type { FileEntry } from "#contract/inside.ts";

const rowHeight = 26;
const coarseRowHeight = 44;
const moved = "application/x-ghost-path";

/** Something that is being named: a new file or folder, or one that gets another name. */
export type Naming = { kind: "file" | "folder"; folder: string } | { kind: "rename"; entry: FileEntry };

/** The workspace as a tree. */
export function FilesPanel(_: PanelProps) {
  const { cave, edit } = useWorkbench();
  const [hidden, setHidden] = useState(false);
  const tree = useTree(cave.id, hidden);
  const { rows } = tree;
  const [chosen, setChosen] = useState<string>();
  const [naming, setNaming] = useState<Naming>();
  const [deleting, setDeleting] = useState<FileEntry>();
  const [over, setOver] = useState<string>();
  const scroller = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  const height = useRef(0);
  height.current ||=
    typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches ? coarseRowHeight : rowHeight;

  const at = Math.max(
    0,
    rows.findIndex((row) => keyOf(row) === chosen),
  );
  const current = rows[at];
  const folder = current && chosen !== undefined ? inFolder(current) : workspace;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height.current,
    overscan: 12,
  });

  const open = (entry: FileEntry) => {
    if (entry.kind === "folder") tree.toggle(entry.path);
    else edit(entry.path);
  };
  const save = (entry: FileEntry) =>
    entry.kind === "folder"
      ? download(
          api.files.download.url({ params: { cave: cave.id }, query: { path: entry.path } }),
          `${entry.name}.tar`,
        )
      : download(api.files.read.url({ params: { cave: cave.id }, query: { path: entry.path } }), entry.name);

  const send = (given: readonly Dropped[]) => {
    if (given.length === 0) return;
    upload(cave.id, given);
  };

  async function move(from: string, to: string, what: string): Promise<boolean> {
    try {
      await api.files.move({ params: { cave: cave.id }, body: { from, to } });
      tree.refresh(parentOf(from));
      tree.refresh(parentOf(to));
      return true;
    } catch (error) {
      toastError(error, what);
      return false;
    }
  }

  async function named(name: string): Promise<string | undefined> {
    if (!naming) return undefined;
    const problem = nameProblem(name);
    if (problem !== undefined) return problem;
    const target = { params: { cave: cave.id } };
    try {
      if (naming.kind === "rename") {
        if (name !== naming.entry.name) {
          const to = join(parentOf(naming.entry.path), name);
          await api.files.move({ ...target, body: { from: naming.entry.path, to } });
          tree.refresh(parentOf(naming.entry.path));
          setChosen(to);
        }
      } else {
        const path = join(naming.folder, name);
        if (naming.kind === "folder") await api.files.mkdir({ ...target, body: { path, parents: true } });
        else {
          await api.files.write({
            ...target,
            query: { path, mkdirs: true },
            body: new Uint8Array(),
            headers: { "If-None-Match": "*" },
          });
          edit(path);
        }
        tree.refresh(naming.folder);
        setChosen(path);
      }
      setNaming(undefined);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  const begin = (kind: "file" | "folder", where = folder) => {
    if (where !== workspace) tree.toggle(where, true);
    setNaming({ kind, folder: where });
  };

  function key(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || !current) return;
    const go = (index: number) => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
      if (!row) return;
      setChosen(keyOf(row));
      virtual.scrollToIndex(rows.indexOf(row));
    };
    const entry = current.kind === "entry" ? current.entry : undefined;
    switch (event.key) {
      case "ArrowDown":
        go(chosen === undefined ? 0 : at + 1);
        break;
      case "ArrowUp":
        go(at - 1);
        break;
      case "Home":
        go(0);
        break;
      case "End":
        go(rows.length - 1);
        break;
      case "ArrowRight":
        if (current.kind === "entry" && current.open === false) tree.toggle(current.entry.path, true);
        else if (current.kind === "entry" && current.open === true) go(at + 1);
        break;
      case "ArrowLeft":
        if (current.kind === "entry" && current.open === true) tree.toggle(current.entry.path, false);
        else go(rows.findIndex((row) => row.kind === "entry" && row.entry.path === parentOf(keyOf(current))));
        break;
      case "Enter":
      case " ":
        if (entry) open(entry);
        break;
      case "F2":
        if (entry) setNaming({ kind: "rename", entry });
        break;
      case "Delete":
        if (entry) setDeleting(entry);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  /** Files from outside are uploaded; a row of the tree is moved. */
  function drop(event: DragEvent, into: string): void {
    event.preventDefault();
    event.stopPropagation();
    setOver(undefined);
    const from = event.dataTransfer.getData(moved);
    if (from !== "") {
      const to = join(into, nameOf(from));
      if (to !== from && !isUnder(into, from)) void move(from, to, `${nameOf(from)} was not moved`);
      return;
    }
    droppedFiles(event.dataTransfer, into)
      .then(async ({ files, emptyFolders }) => {
        if (files.length + emptyFolders.length === 0) toast({ title: "There was nothing in it to upload" });
        send(files);
        for (const path of emptyFolders)
          await api.files.mkdir({ params: { cave: cave.id }, body: { path, parents: true } });
      })
      .catch((error: unknown) => toastError(error, "Not everything was uploaded"));
  }
  const drag = (event: DragEvent, into: string) => {
    const { types } = event.dataTransfer;
    if (!types.includes("Files") && !types.includes(moved)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(into);
  };

  useEffect(() => {
    if (naming) scroller.current?.querySelector("input")?.scrollIntoView({ block: "nearest" });
  }, [naming]);

  return (
    <div className="flex h-full flex-col" onContextMenu={(event) => event.stopPropagation()}>
      <PanelBar label="Files" className="gap-0.5! pr-1!">
        <span className="grow truncate text-xs text-faint" title={folder}>
          {folder}
        </span>
        <IconButton label="New file" size="sm" onClick={() => begin("file")}>
          <FilePlus />
        </IconButton>
        <IconButton label="New folder" size="sm" onClick={() => begin("folder")}>
          <FolderPlus />
        </IconButton>
        <IconButton label="Upload" size="sm" onClick={() => picker.current?.click()}>
          <Upload />
        </IconButton>
        <Menu
          trigger={
            <IconButton label="More" size="sm">
              <Ellipsis />
            </IconButton>
          }
        >
          {current?.kind === "entry" && chosen !== undefined && (
            <>
              <MenuItem icon={<Download aria-hidden />} onSelect={() => save(current.entry)}>
                {current.entry.kind === "folder" ? "Download as tar" : "Download"}
              </MenuItem>
              <MenuItem
                icon={<Pencil aria-hidden />}
                keys="f2"
                onSelect={() => setNaming({ kind: "rename", entry: current.entry })}
              >
                Rename
              </MenuItem>
              <MenuItem
                icon={<Trash2 aria-hidden />}
                keys="delete"
                danger
                onSelect={() => setDeleting(current.entry)}
              >
                Delete
              </MenuItem>
              <MenuLine />
            </>
          )}
          <MenuItem
            icon={<Download aria-hidden />}
            onSelect={() =>
              download(
                api.files.download.url({ params: { cave: cave.id }, query: { path: workspace } }),
                `${cave.name}.tar`,
              )
            }
          >
            Download everything as tar
          </MenuItem>
          <MenuItem icon={<RotateCw aria-hidden />} onSelect={() => tree.refresh()}>
            Read again
          </MenuItem>
          <MenuItem
            icon={<ChevronsDownUp aria-hidden />}
            onSelect={() =>
              [...tree.expanded].forEach((path) => path !== workspace && tree.toggle(path, false))
            }
          >
            Close all folders
          </MenuItem>
          <MenuToggle checked={hidden} onChange={setHidden}>
            <span className="flex items-center gap-2">
              <Eye aria-hidden /> Hidden files
            </span>
          </MenuToggle>
        </Menu>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to upload"
          onChange={(event) => {
            send([...(event.target.files ?? [])].map((file) => ({ path: join(folder, file.name), file })));
            event.target.value = "";
          }}
        />
      </PanelBar>
      {naming && naming.kind !== "rename" && (
        <NameField naming={naming} onDone={named} onCancel={() => setNaming(undefined)} />
      )}
      <div
        ref={scroller}
        className={cx(
          "min-h-0 grow overflow-y-auto",
          over === workspace && "bg-accent-wash outline-2 -outline-offset-2 outline-accent",
        )}
        onDragOver={(event) => drag(event, workspace)}
        onDragLeave={() => setOver(undefined)}
        onDrop={(event) => drop(event, workspace)}
      >
        {tree.error !== undefined ? (
          <ErrorState error={tree.error} onRetry={() => tree.refresh(workspace)} />
        ) : !tree.loaded ? (
          <div className="px-3">
            <SkeletonRows label="Loading files" rows={5} />
          </div>
        ) : rows.length === 0 ? (
          <EmptyState
            icon={<Upload aria-hidden />}
            title="The workspace is empty"
            actions={<Button onClick={() => begin("file")}>New file</Button>}
          >
            Drop files or folders here, or make one.
          </EmptyState>
        ) : (
          <div
            role="tree"
            aria-label={`Files of ${cave.name}`}
            aria-activedescendant={chosen === undefined ? undefined : `${id}-${at}`}
            tabIndex={0}
            data-keys="own"
            onKeyDown={key}
            onFocus={() => setChosen((before) => before ?? (rows[0] && keyOf(rows[0])))}
            className="relative outline-none"
            style={{ height: virtual.getTotalSize() }}
          >
            {virtual.getVirtualItems().map(({ index, start, size }) => {
              const row = rows[index];
              return (
                row && (
                  <TreeRow
                    key={keyOf(row)}
                    id={`${id}-${index}`}
                    row={row}
                    style={{ transform: `translateY(${start}px)`, height: size }}
                    chosen={keyOf(row) === chosen}
                    over={over === keyOf(row)}
                    naming={
                      naming?.kind === "rename" &&
                      row.kind === "entry" &&
                      naming.entry.path === row.entry.path
                    }
                    onNamed={named}
                    onNameCancel={() => setNaming(undefined)}
                    onChoose={() => setChosen(keyOf(row))}
                    onOpen={() => row.kind === "entry" && open(row.entry)}
                    onDragStart={(event) => event.dataTransfer.setData(moved, keyOf(row))}
                    onDragOver={(event) => drag(event, inFolder(row))}
                    onDrop={(event) => drop(event, inFolder(row))}
                    actions={
                      row.kind === "entry" && {
                        save: () => save(row.entry),
                        rename: () => setNaming({ kind: "rename", entry: row.entry }),
                        remove: () => setDeleting(row.entry),
                        begin: (kind) => begin(kind, inFolder(row)),
                      }
                    }
                  />
                )
              );
            })}
          </div>
        )}
      </div>
      <UploadList cave={cave.id} />
      <DeleteDialog
        cave={cave.id}
        entry={deleting}
        onClose={() => setDeleting(undefined)}
        onDone={(entry) => {
          tree.refresh(parentOf(entry.path));
          setChosen(undefined);
        }}
      />
    </div>
  );
}

const keyOf = (row: Row): string => (row.kind === "entry" ? row.entry.path : `${row.path}/\n`);
