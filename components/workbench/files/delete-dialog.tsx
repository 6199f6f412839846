"use client";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { bytes } from "../../lib/units.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNote } from "../../ui/states.tsx";
import type { FileEntry } from "#contract/inside.ts";

interface Props {
  cave: string;
  entry: FileEntry | undefined;
  onClose: () => void;
  onDone: (entry: FileEntry) => void;
}

/** Nothing of the workspace goes without this question: there is no bin. */
export function DeleteDialog({ cave, entry, onClose, onDone }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!entry) return null;
  const folder = entry.kind === "folder";
  const close = () => {
    setError(undefined);
    onClose();
  };
  const remove = async () => {
    setBusy(true);
    try {
      await api.files.remove({ params: { cave }, query: { path: entry.path, recursive: folder } });
      onDone(entry);
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || close()}
      title={`Delete ${entry.name}?`}
      description={
        folder ? "The folder goes with everything in it, for good." : `${bytes(entry.sizeBytes)} go for good.`
      }
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="danger" busy={busy} onClick={() => void remove()}>
            Delete
          </Button>
        </>
      }
    >
      <p className="figures break-all text-dim">{entry.path}</p>
      {error !== undefined && (
        <div className="mt-3">
          <ErrorNote error={error} />
        </div>
      )}
    </Dialog>
  );
}
