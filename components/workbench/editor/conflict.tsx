"use client";
import { useRef } from "react";
import { EditorMenu } from "../../monaco/editor-menu.tsx";
import { Button } from "../../ui/button.tsx";
import { useDiff } from "./use-editor.ts";

interface Props {
  window: Window;
  path: string;
  theirs: string;
  own: string;
  busy: boolean;
  onKeep: (text: string) => void;
  onTake: () => void;
  onBack: () => void;
}

/** The file is another than the one that was opened: both are shown, and nothing is written before somebody chooses. */
export function Conflict({ window, path, theirs, own, busy, onKeep, onTake, onBack }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const first = useRef(own);
  const { editor, model } = useDiff(host, window, path, theirs, first.current);
  return (
    <section aria-label="Conflict" className="absolute inset-0 z-10 flex flex-col bg-surface">
      <div
        role="alert"
        className="flex flex-wrap items-center gap-2 border-b border-warn/40 bg-warn/8 px-3 py-2 text-sm"
      >
        <span className="grow">
          <strong className="font-medium">The file changed in the cave since you opened it.</strong>{" "}
          <span className="text-dim">
            Red is what is there now; green is yours, which you can still change.
          </span>
        </span>
        <Button size="sm" kind="quiet" onClick={onBack}>
          Go on editing
        </Button>
        <Button size="sm" onClick={onTake}>
          Take theirs
        </Button>
        <Button
          size="sm"
          kind="primary"
          busy={busy}
          onClick={() => onKeep(model?.getValue(undefined, true) ?? own)}
        >
          Save mine
        </Button>
      </div>
      <EditorMenu editor={editor}>
        <div ref={host} className="min-h-0 grow" />
      </EditorMenu>
    </section>
  );
}
