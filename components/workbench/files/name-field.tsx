"use client";
import { useEffect, useId, useRef, useState } from "react";
import type { Naming } from "./files-panel.tsx";

interface Props {
  naming: Naming;
  /** Answers what is wrong with the name, if something is. */
  onDone: (name: string) => Promise<string | undefined>;
  onCancel: () => void;
}

/** Where something gets its name, in place. */
export function NameField({ naming, onDone, onCancel }: Props) {
  const before = naming.kind === "rename" ? naming.entry.name : "";
  const [name, setName] = useState(before);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const label =
    naming.kind === "rename"
      ? `New name of ${before}`
      : naming.kind === "file"
        ? "Name of the new file"
        : "Name of the new folder";

  useEffect(() => {
    input.current?.focus();
    const dot = before.lastIndexOf(".");
    input.current?.setSelectionRange(0, dot > 0 ? dot : before.length);
  }, [before]);

  const done = async () => {
    if (busy) return;
    setBusy(true);
    const wrong = await onDone(name.trim());
    setBusy(false);
    setProblem(wrong);
  };
  return (
    <span className={naming.kind === "rename" ? "relative grow" : "relative block border-b border-line p-2"}>
      <input
        ref={input}
        aria-label={label}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : id}
        autoComplete="off"
        spellCheck={false}
        placeholder={
          naming.kind === "rename" ? undefined : naming.kind === "file" ? "name, or folder/name" : "name"
        }
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          setProblem(undefined);
        }}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") void done();
          else if (event.key === "Escape") onCancel();
        }}
        onBlur={() => {
          if (name.trim() === before || name.trim() === "") onCancel();
        }}
        className="h-6 w-full rounded-sm border border-accent bg-surface px-1.5 text-sm outline-none aria-invalid:border-danger"
      />
      {problem !== undefined && (
        <span
          id={id}
          role="alert"
          className="absolute inset-x-0 top-full z-20 rounded-sm border border-danger/40 bg-raised px-2 py-1 text-xs text-danger shadow-float"
        >
          {problem}
        </span>
      )}
    </span>
  );
}
