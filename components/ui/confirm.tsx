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
  onYes: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something goes; what fails is told here, with the question still open. */
export function Confirm({ title, children, action, onYes, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={children}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            busy={busy}
            onClick={() => {
              setBusy(true);
              setError(undefined);
              onYes().then(onClose, (failure: unknown) => {
                setBusy(false);
                setError(failure);
              });
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      {error !== undefined && <ErrorNote error={error} />}
    </Dialog>
  );
}
