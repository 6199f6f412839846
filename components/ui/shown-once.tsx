"use client";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Dialog } from "./dialog.tsx";

interface Props {
  title: string;
  /** What it is good for, and for how long. */
  description: string;
  text: string;
  copy: string;
  done: string;
  onClose: () => void;
}

/** A secret that can be read now and never again: nothing but its button closes it. */
export function ShownOnce({ title, description, text, copy, done, onClose }: Props) {
  return (
    <Dialog
      open
      stay
      onOpenChange={onClose}
      title={title}
      description={description}
      footer={
        <Button kind="primary" onClick={onClose}>
          {done}
        </Button>
      }
    >
      <div className="flex items-center gap-2 rounded-md border border-line-strong bg-canvas py-1.5 pr-1.5 pl-3">
        <code className="grow text-xs break-all text-accent-ink select-all">{text}</code>
        <CopyButton text={text} label={copy} />
      </div>
    </Dialog>
  );
}
