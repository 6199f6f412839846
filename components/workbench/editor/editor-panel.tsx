"use client";
import { Download, FileWarning, RotateCw } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { api } from "../../lib/api.ts";
import { download } from "../../lib/download.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { followFiles } from "../files/follow-files.ts";
import { nameOf } from "../files/paths.ts";
import { PanelBar } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { Path } from "./path.tsx";
import { readFile, type Opened } from "./read-file.ts";
import { TextEditor } from "./text-editor.tsx";

/** One file: text to change, or what the browser can show of it. */
export function EditorPanel({ place }: PanelProps) {
  const { cave } = useWorkbench();
  const path = place.params.path ?? "";
  const [read, setRead] = useState<{ path: string; attempt: number; file?: Opened; error?: unknown }>();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => place.setTitle(nameOf(path)), [place, path]);
  useEffect(() => {
    const stop = new AbortController();
    let url: string | undefined;
    readFile(cave.id, path, stop.signal).then(
      (file) => {
        if ("url" in file) url = file.url;
        if (stop.signal.aborted && url !== undefined) URL.revokeObjectURL(url);
        else setRead({ path, attempt, file });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setRead({ path, attempt, error });
      },
    );
    return () => {
      stop.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [cave.id, path, attempt]);

  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  const file = read?.path === path ? read.file : undefined;
  const drawn = file !== undefined && "url" in file;
  // A plot that is drawn again is shown again.
  useEffect(() => {
    if (!drawn) return;
    return followFiles(cave.id, (news) => {
      if (news !== "missed" && news.some((one) => one.path === path)) reload();
    });
  }, [cave.id, path, drawn, reload]);

  const save = () =>
    download(api.files.read.url({ params: { cave: cave.id }, query: { path } }), nameOf(path));
  if (read?.path === path && read.error !== undefined)
    return <ErrorState error={read.error} onRetry={reload} />;
  // Text is not replaced in place: an editor begins with what it was given.
  if (file === undefined || (file.kind === "text" && read?.attempt !== attempt))
    return (
      <div role="status" aria-label={`Reading ${nameOf(path)}`} className="grid h-full place-items-center">
        <Spinner className="animate-late text-faint" />
      </div>
    );
  if (file.kind === "text")
    return <TextEditor key={`${path} ${attempt}`} place={place} path={path} file={file} onReload={reload} />;
  return (
    <div className="flex h-full flex-col">
      <PanelBar label={nameOf(path)}>
        <Path path={path} />
        <IconButton label="Read it again" size="sm" onClick={reload}>
          <RotateCw />
        </IconButton>
        <IconButton label="Download" size="sm" onClick={save}>
          <Download />
        </IconButton>
      </PanelBar>
      <div className="grid min-h-0 grow place-items-center overflow-auto">
        {file.kind === "image" && (
          <img
            src={file.url}
            alt={nameOf(path)}
            className="max-h-full max-w-full object-contain [background:repeating-conic-gradient(var(--n3)_0_25%,var(--n2)_0_50%)_0_0/16px_16px]"
          />
        )}
        {file.kind === "pdf" && <iframe title={nameOf(path)} src={file.url} className="size-full" />}
        {file.kind === "other" && (
          <EmptyState
            icon={<FileWarning aria-hidden />}
            title={nameOf(path)}
            actions={<Button onClick={save}>Download</Button>}
          >
            {file.reason}
          </EmptyState>
        )}
      </div>
    </div>
  );
}
