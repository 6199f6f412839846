"use client";
import { Binary } from "lucide-react";
import { useMemo, useRef } from "react";
import { bytes } from "../../lib/units.ts";
import { EditorMenu } from "../../monaco/editor-menu.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { bytesOf, type Program } from "../program/program.ts";
import { edit, programNow } from "../program/workspace.ts";
import { useProgramEditor } from "./use-program-editor.ts";

interface Props {
  program: Program;
  main: string;
  shown: string;
  revision: number;
  onRun: () => void;
  onStop: () => void;
}

/** The text of one file at a time. */
export function CodeEditor({ program, main, shown, revision, onRun, onStop }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const { code, files } = program;
  const texts = useMemo(
    () => ({
      [main]: code,
      ...Object.fromEntries(
        Object.entries(files).filter((one): one is [string, string] => typeof one[1] === "string"),
      ),
    }),
    [main, code, files],
  );
  const { editor, error } = useProgramEditor(host, {
    texts,
    revision,
    shown,
    onChange: (name, text) =>
      edit(name === main ? { code: text } : { files: { ...programNow().files, [name]: text } }),
    onRun,
    onStop,
  });
  const binary = shown === main ? undefined : files[shown];
  return (
    <div
      id="runs-text"
      role="tabpanel"
      aria-label={shown}
      data-keys="own"
      className="relative min-h-0 grow bg-surface"
    >
      <EditorMenu editor={editor}>
        <div ref={host} className="absolute inset-0" />
      </EditorMenu>
      {!editor && error === undefined && (
        <pre aria-hidden className="absolute inset-0 overflow-hidden py-2 pl-16 text-sm leading-5 text-faint">
          {texts[shown]}
        </pre>
      )}
      {error !== undefined && (
        <div className="absolute inset-0 bg-surface">
          <ErrorState error={error} />
        </div>
      )}
      {typeof binary === "object" && (
        <div className="absolute inset-0 bg-surface">
          <EmptyState icon={<Binary aria-hidden />} title={shown}>
            {bytes(bytesOf(binary))} that are not text. The program finds them in its working folder.
          </EmptyState>
        </div>
      )}
    </div>
  );
}
