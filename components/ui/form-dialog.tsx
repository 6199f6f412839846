"use client";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ErrorNote } from "./states.tsx";

interface Props {
  title: string;
  description?: ReactNode;
  /** The word on the button that does it. */
  action: string;
  danger?: boolean;
  /** Whether all is filled in that must be. */
  ready: boolean;
  busy?: boolean;
  error?: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Fields, one button that does what they say, and what went wrong under them; Enter in a field does it too. */
export function FormDialog({
  title,
  description,
  action,
  danger = false,
  ready,
  busy = false,
  error,
  onSubmit,
  onClose,
  children,
}: Props) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={danger ? "danger" : "primary"} busy={busy} disabled={!ready} onClick={onSubmit}>
            {action}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onSubmit();
        }}
      >
        {children}
        {error !== undefined && error !== null && <ErrorNote error={error} />}
      </form>
    </Dialog>
  );
}
