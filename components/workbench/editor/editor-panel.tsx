"use client";
import { Download, FileWarning, RotateCw, Save } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../../lib/api.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { toastError } from "../../ui/toast.tsx";
import { download } from "../download.ts";
import { followFiles } from "../files/follow-files.ts";
import { nameOf, workspace } from "../files/paths.ts";
import { PanelBar } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { Conflict } from "./conflict.tsx";
import { readFile, writeFile, type Opened } from "./read-file.ts";
import { useEditor } from "./use-editor.ts";

/** One file: text to change, or what the browser can show of it. */
export function EditorPanel({ place }: PanelProps) {
  const { cave } = useWorkbench();
  const path = place.params.path ?? "";
  const [opened, setOpened] = useState<Opened>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => place.setTitle(nameOf(path)), [place, path]);
  useEffect(() => {
    const stop = new AbortController();
    let url: string | undefined;
    setError(undefined);
    readFile(cave.id, path, stop.signal).then(
      (file) => {
        if ("url" in file) url = file.url;
        if (stop.signal.aborted && url !== undefined) URL.revokeObjectURL(url);
        else setOpened(file);
      },
      (problem: unknown) => {
        if (!stop.signal.aborted) setError(problem);
      },
    );
    return () => {
      stop.abort();
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [cave.id, path, attempt]);

  const reload = useCallback(() => {
    setOpened(undefined);
    setAttempt((count) => count + 1);
  }, []);
  const save = () =>
    download(api.files.read.url({ params: { cave: cave.id }, query: { path } }), nameOf(path));
  if (error !== undefined) return <ErrorState error={error} onRetry={reload} />;
  if (opened === undefined) return null;
  if (opened.kind === "text")
    return (
      <TextEditor key={`${path} ${attempt}`} place={place} path={path} file={opened} onReload={reload} />
    );
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
        {opened.kind === "image" && (
          <img
            src={opened.url}
            alt={nameOf(path)}
            className="max-h-full max-w-full object-contain [background:repeating-conic-gradient(var(--n3)_0_25%,var(--n2)_0_50%)_0_0/16px_16px]"
          />
        )}
        {opened.kind === "pdf" && <iframe title={nameOf(path)} src={opened.url} className="size-full" />}
        {opened.kind === "other" && (
          <EmptyState
            icon={<FileWarning aria-hidden />}
            title={nameOf(path)}
            actions={<Button onClick={save}>Download</Button>}
          >
            {opened.reason}
          </EmptyState>
        )}
      </div>
    </div>
  );
}

interface TextProps extends PanelProps {
  path: string;
  file: Extract<Opened, { kind: "text" }>;
  onReload: () => void;
}

function TextEditor({ place, path, file, onReload }: TextProps) {
  const { cave } = useWorkbench();
  const host = useRef<HTMLDivElement>(null);
  const [etag, setEtag] = useState(file.etag);
  const [dirty, setDirty] = useState(false);
  const [saving, setSaving] = useState(false);
  /** What is in the cave by now, when it is neither what was read nor what is here. */
  const [theirs, setTheirs] = useState<{ text: string; etag: string }>();
  /** It changed in the cave while there is something unsaved here. */
  const [stale, setStale] = useState(false);
  const saveRef = useRef(() => undefined as unknown);
  const savedVersion = useRef(1);
  const editor = useEditor(host, {
    path,
    text: file.text,
    onChange: () => setDirty(true),
    onSave: () => saveRef.current(),
  });
  const textNow = () => editor?.getModel()?.getValue(undefined, true) ?? file.text;

  useEffect(() => {
    if (!editor) return;
    savedVersion.current = editor.getModel()?.getAlternativeVersionId() ?? 1;
    const following = editor.onDidChangeModelContent(() =>
      setDirty(editor.getModel()?.getAlternativeVersionId() !== savedVersion.current),
    );
    return () => following.dispose();
  }, [editor]);
  useEffect(() => place.setDirty(dirty), [place, dirty]);
  const { line, column } = place.params;
  useEffect(() => {
    if (!editor || line === undefined) return;
    editor.setPosition({ lineNumber: line, column: column ?? 1 });
    editor.revealLineInCenter(line);
    editor.focus();
  }, [editor, line, column]);
  useEffect(() => {
    if (place.active && place.visible) editor?.focus();
  }, [editor, place.active, place.visible]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);

  async function save(over = etag, text = textNow()): Promise<void> {
    if (saving) return;
    setSaving(true);
    const version = editor?.getModel()?.getAlternativeVersionId() ?? 1;
    try {
      const next = await writeFile(cave.id, path, text, over);
      if (next === undefined) {
        const found = await readFile(cave.id, path, AbortSignal.timeout(20_000));
        if (found.kind === "text") setTheirs(found);
        return;
      }
      setEtag(next);
      setTheirs(undefined);
      setStale(false);
      const model = editor?.getModel();
      if (model && model.getValue(undefined, true) !== text) model.setValue(text);
      savedVersion.current = model?.getAlternativeVersionId() ?? version;
      setDirty(false);
    } catch (error) {
      toastError(error, `${nameOf(path)} was not saved`);
    } finally {
      setSaving(false);
    }
  }
  useEffect(() => {
    saveRef.current = () => void save();
  });

  // What others write is shown at once where nothing is lost by it.
  const latest = useRef({ dirty, etag, saving });
  useEffect(() => {
    latest.current = { dirty, etag, saving };
  });
  useEffect(() => {
    if (!path.startsWith(`${workspace}/`)) return;
    const stop = new AbortController();
    const unfollow = followFiles(cave.id, (news) => {
      if (news !== "missed" && !news.some((one) => one.path === path)) return;
      if (latest.current.saving) return;
      readFile(cave.id, path, stop.signal).then(
        (found) => {
          const { dirty, etag } = latest.current;
          if (found.kind !== "text" || found.etag === etag) return;
          if (dirty) setStale(true);
          else {
            const model = editor?.getModel();
            const view = editor?.saveViewState();
            model?.setValue(found.text);
            if (view) editor?.restoreViewState(view);
            savedVersion.current = model?.getAlternativeVersionId() ?? 1;
            setDirty(false);
            setEtag(found.etag);
          }
        },
        () => undefined, // it is gone or cannot be read: saving will tell
      );
    });
    return () => {
      unfollow();
      stop.abort();
    };
  }, [cave.id, path, editor]);

  return (
    <div className="flex h-full flex-col" data-keys="own">
      <PanelBar label={nameOf(path)}>
        <Path path={path} />
        {stale && !theirs && (
          <span role="status" className="truncate text-xs text-warn">
            It changed in the cave
          </span>
        )}
        <IconButton
          label="Read it again"
          size="sm"
          onClick={() => {
            if (!dirty || confirm("Read the file again, without what you changed?")) onReload();
          }}
        >
          <RotateCw />
        </IconButton>
        <Button
          size="sm"
          kind={dirty ? "primary" : "secondary"}
          disabled={!dirty}
          busy={saving}
          onClick={() => void save()}
        >
          <Save aria-hidden /> Save
        </Button>
      </PanelBar>
      <div className="relative min-h-0 grow">
        <div ref={host} className="absolute inset-0" />
        {theirs && (
          <Conflict
            path={path}
            theirs={theirs.text}
            own={textNow()}
            busy={saving}
            onKeep={(text) => void save(theirs.etag, text)}
            onTake={onReload}
            onBack={() => setTheirs(undefined)}
          />
        )}
      </div>
    </div>
  );
}

const Path = ({ path }: { path: string }) => (
  <span className="grow truncate text-xs text-faint" title={path}>
    {path}
  </span>
);
