"use client";
import { FilePlus2, Pencil, Trash2, Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { arrowKeys } from "../../lib/arrow-keys.ts";
import { cx } from "../../lib/cx.ts";
import { IconButton } from "../../ui/button.tsx";
import { toast, toastError } from "../../ui/toast.tsx";
import { pathProblem } from "../program/paths.ts";
import { sizeOf, type Program } from "../program/program.ts";
import { edit, programNow } from "../program/workspace.ts";
import { takeFile } from "./take-file.ts";
import { runBounds } from "#contract/run-bounds.ts";

interface Props {
  program: Program;
  main: string;
  shown: string;
  onShow: (name: string) => void;
}

/** The program's files. The first is the one that is run, under the name its language gives it. */
export function FileTabs({ program, main, shown, onShow }: Props) {
  /** The file that gets a name; empty: a new one. */
  const [naming, setNaming] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const names = [main, ...Object.keys(program.files)];
  const full = names.length > runBounds.files;

  /** Whoever was at a tab that went, or at its name, is at the tab that is shown now. */
  const refocus = useRef(false);

  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (refocus.current) tab?.focus();
    refocus.current = false;
  }, [shown, names.length, naming]);

  function named(): void {
    refocus.current = true;
    setNaming(undefined);
  }

  function name(given: string): string | undefined {
    const others = names.filter((one) => one !== naming);
    const problem = pathProblem(given, others);
    if (problem !== undefined) return problem;
    const entries = Object.entries(program.files);
    const files =
      naming === ""
        ? [...entries, [given, ""] as const]
        : entries.map(([path, content]) => [path === naming ? given : path, content] as const);
    edit({ files: Object.fromEntries(files) });
    named();
    onShow(given);
    return undefined;
  }

  function remove(path: string): void {
    const { [path]: content = "", ...files } = program.files;
    edit({ files });
    refocus.current = true;
    onShow(names[names.indexOf(path) - 1] ?? main);
    toast({
      key: "file",
      title: `${path} was deleted`,
      action: {
        label: "Bring it back",
        run() {
          const now = programNow();
          if (now.language !== program.language) return;
          edit({ files: { ...now.files, [path]: content } });
          onShow(path);
        },
      },
    });
  }

  async function upload(given: readonly File[]): Promise<void> {
    for (const file of given) {
      const now = programNow();
      try {
        const problem = pathProblem(
          file.name,
          [main, ...Object.keys(now.files)].filter((one) => one !== file.name || one === main),
        );
        if (problem !== undefined) throw new Error(problem);
        if (Object.keys(now.files).length >= runBounds.files)
          throw new Error(`A run has at most ${runBounds.files} files.`);
        const content = await takeFile(file, sizeOf(now));
        edit({ files: { ...programNow().files, [file.name]: content } });
        onShow(file.name);
      } catch (error) {
        toastError(error, `${file.name} was not taken`);
      }
    }
  }

  return (
    <div
      className="flex h-9 shrink-0 items-center gap-1 border-b border-line bg-canvas pr-1.5 pointer-coarse:h-12"
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        void upload([...event.dataTransfer.files]);
      }}
    >
      <div
        ref={list}
        role="tablist"
        aria-label="Files"
        className="flex h-full min-w-0 overflow-x-auto [scrollbar-width:none]"
        onKeyDown={(event) => {
          arrowKeys("tab")(event);
          if (event.key === "Delete" && shown !== main) remove(shown);
          else if (event.key === "F2" && shown !== main) setNaming(shown);
        }}
      >
        {names.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === shown}
            aria-controls="runs-text"
            tabIndex={one === shown ? 0 : -1}
            title={one === main ? `${one}: what is run` : one}
            onClick={() => onShow(one)}
            onDoubleClick={() => {
              if (one !== main) setNaming(one);
            }}
            className={cx(
              "h-full max-w-48 shrink-0 truncate border-r border-b-2 border-line border-b-transparent px-3 font-mono text-xs",
              one === shown ? "border-b-accent! bg-surface text-ink" : "text-dim hover:bg-hover",
            )}
          >
            {one}
          </button>
        ))}
      </div>
      {naming !== undefined && <NameField before={naming} onName={name} onCancel={named} />}
      <IconButton label="New file" size="sm" disabled={full} onClick={() => setNaming("")}>
        <FilePlus2 />
      </IconButton>
      <IconButton
        label="Add files from this device"
        size="sm"
        disabled={full}
        onClick={() => picker.current?.click()}
      >
        <Upload />
      </IconButton>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Files from this device"
        onChange={(event) => {
          void upload([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      {shown !== main && (
        <span className="ml-auto flex">
          <IconButton label={`Rename ${shown}`} size="sm" onClick={() => setNaming(shown)}>
            <Pencil />
          </IconButton>
          <IconButton label={`Delete ${shown}`} size="sm" onClick={() => remove(shown)}>
            <Trash2 />
          </IconButton>
        </span>
      )}
    </div>
  );
}

interface NameProps {
  before: string;
  /** Answers what is wrong with it. */
  onName: (name: string) => string | undefined;
  onCancel: () => void;
}

function NameField({ before, onName, onCancel }: NameProps) {
  const [text, setText] = useState(before);
  const [problem, setProblem] = useState<string>();
  return (
    <span className="relative">
      <input
        autoFocus
        aria-label={before === "" ? "Name of the new file" : `New name of ${before}`}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : "runs-name-problem"}
        autoComplete="off"
        spellCheck={false}
        placeholder="name, or folder/name"
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") setProblem(onName(text.trim()));
          else if (event.key === "Escape") onCancel();
        }}
        onBlur={() => {
          if (text.trim() === before || problem !== undefined) onCancel();
          else setProblem(onName(text.trim()));
        }}
        className="h-6 w-40 rounded-sm border border-accent bg-surface px-1.5 font-mono text-xs outline-none aria-invalid:border-danger"
      />
      {problem !== undefined && (
        <span
          id="runs-name-problem"
          role="alert"
          className="absolute top-full left-0 z-20 mt-1 w-64 rounded-sm border border-danger/40 bg-raised px-2 py-1 text-xs text-danger shadow-float"
        >
          {problem}
        </span>
      )}
    </span>
  );
}
