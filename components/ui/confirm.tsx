"use client";
import { useState, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ErrorNote } from "./states.tsx";

interface ConfirmProps {
  title: string;
  /** What is lost. */
  children: ReactNode;
  action: string;
  onYes: () => unknown;
  onClose: () => void;
  focusAfter?: () => HTMLElement | null;
}

/** Asks before something goes; what fails is told here, with the question still open. */
export function Confirm({ title, children, action, onYes, onClose, ...rest }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const answer = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onYes();
      onClose();
    } catch (failure) {
      setBusy(false);
      setError(failure);
    }
  };
  return (
    <Dialog
      {...rest}
      open
      onOpenChange={onClose}
      title={title}
      description={children}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={busy} onClick={() => void answer()}>
            {action}
          </Button>
        </>
      }
    >
      {error !== undefined && <ErrorNote error={error} />}
    </Dialog>
  );
}
