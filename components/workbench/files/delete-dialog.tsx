"use client";
import { api } from "../../lib/api.ts";
import { bytes } from "../../lib/units.ts";
import { Confirm } from "../../ui/confirm.tsx";
import type { FileEntry } from "#contract/inside.ts";

interface Props {
  cave: string;
  entry: FileEntry | undefined;
  onClose: () => void;
  onDone: (entry: FileEntry) => void;
}

/** Nothing of the workspace goes without this question: there is no bin. */
export function DeleteDialog({ cave, entry, onClose, onDone }: Props) {
  if (!entry) return null;
  const { name, path, kind, sizeBytes } = entry;
  const folder = kind === "folder";
  return (
    <Confirm
      title={`Delete ${name}?`}
      action="Delete"
      onClose={onClose}
      onYes={async () => {
        await api.files.remove({ params: { cave }, query: { path, recursive: folder } });
        onDone(entry);
      }}
    >
      {folder ? "The folder goes with everything in it, for good." : `${bytes(sizeBytes)} go for good.`}
      <span className="figures mt-2 block break-all">{path}</span>
    </Confirm>
  );
}
