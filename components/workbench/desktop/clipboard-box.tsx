"use client";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { DesktopView } from "../../../viewers/desktop/desktop-view.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { TextArea } from "../../ui/input.tsx";

/** What Xvnc takes at most; more would be dropped without a word. */
const mostBytes = 262_144;

interface Props {
  view: DesktopView;
  copied: string | undefined;
  onClose: () => void;
}

/** The cave's clipboard beside the browser's. Works in every browser, with any permission. */
export function ClipboardBox({ view, copied = "", onClose }: Props) {
  const [text, setText] = useState(copied);
  const [note, setNote] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(copied), [copied]);

  const send = () => {
    const size = new TextEncoder().encode(text).length;
    if (size > mostBytes)
      setNote(`That is ${Math.ceil(size / 1024)} KB; the cave's clipboard takes ${mostBytes / 1024} KB.`);
    else {
      view.paste(text);
      setNote("Sent: paste it in the cave.");
    }
  };
  const copy = () =>
    (field.current?.ownerDocument.defaultView ?? window).navigator.clipboard.writeText(text).then(
      () => setNote("Copied."),
      () => {
        field.current?.select();
        setNote("The browser does not allow it: press Ctrl+C.");
      },
    );
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
        <Button size="sm" kind="primary" onClick={send}>
          Send to the cave
        </Button>
        <Button size="sm" onClick={() => void copy()}>
          Copy here
        </Button>
      </div>
      <p role="status" className="min-h-4 text-xs text-dim">
        {note}
      </p>
    </section>
  );
}
