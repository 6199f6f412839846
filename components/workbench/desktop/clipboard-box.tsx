"use client";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { ClipboardState, ClipboardSync } from "../../../viewers/desktop/clipboard-sync.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { TextArea } from "../../ui/input.tsx";

interface Props {
  sync: ClipboardSync;
  state: ClipboardState;
  onClose: () => void;
}

/** The cave's clipboard beside the browser's. Works in every browser, with any permission. */
export function ClipboardBox({ sync, state, onClose }: Props) {
  const [text, setText] = useState(state.text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(state.text), [state.text]);
  const copy = async () => {
    if (!(await sync.copy(text))) field.current?.select();
  };
  return (
    <section
      aria-label="Clipboard"
      className="absolute top-2 right-2 z-10 grid w-[min(20rem,calc(100%-1rem))] gap-2 rounded-lg border border-line-strong bg-raised p-3 shadow-float"
    >
      <div className="flex items-center justify-between text-sm font-medium">
        Clipboard
        <IconButton label="Close the clipboard" size="sm" onClick={onClose}>
          <X />
        </IconButton>
      </div>
      <TextArea
        ref={field}
        aria-label="The cave's clipboard"
        placeholder="What is copied in the cave appears here; what is typed here can be sent to it."
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-28 resize-y"
      />
      <div className="flex gap-2">
        <Button size="sm" kind="primary" onClick={() => sync.send(text)}>
          Send to the cave
        </Button>
        <Button size="sm" onClick={() => void copy()}>
          Copy here
        </Button>
      </div>
      {sync.able && (
        <label className="flex items-center gap-2 text-xs">
          <Checkbox checked={state.kept} onCheckedChange={(kept) => sync.keep(kept === true)} />
          Keep both clipboards the same
        </label>
      )}
      <p role="status" className="min-h-4 text-xs text-dim">
        {state.note}
      </p>
    </section>
  );
}
