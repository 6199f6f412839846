"use client";
import { RotateCw, Save } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { isCode } from "../../lib/api.ts";
import { EditorMenu } from "../../monaco/editor-menu.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { toast, toastError } from "../../ui/toast.tsx";
import { dirtyPanels } from "../dock/dirty.ts";
import { followFiles } from "../files/follow-files.ts";
import { nameOf, workspace } from "../files/paths.ts";
import { PanelBar } from "../panel-bar.tsx";
import type { PanelParams } from "../panels.ts";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { Conflict } from "./conflict.tsx";
import { keepDraft, takeDraft } from "./drafts.ts";
import { Path } from "./path.tsx";
import { readFile, writeFile, type OpenedText } from "./read-file.ts";
import { useEditor } from "./use-editor.ts";

interface Props extends PanelProps {
  path: string;
  file: OpenedText;
  /** Reads it again, and forgets what is here. */
  onReload: () => void;
}

const notes = { changed: "It changed in the cave", deleted: "It was deleted in the cave" } as const;

/** Text to change. It is written over the version that was read, and over no other. */
export function TextEditor({ place, path, file, onReload }: Props) {
  const { cave } = useWorkbench();
  const host = useRef<HTMLDivElement>(null);
  const [draft] = useState(() => takeDraft(cave.id, path));
  const [etag, setEtag] = useState(draft?.etag ?? file.etag);
  const [dirty, setDirty] = useState(draft !== undefined);
  const [saving, setSaving] = useState(false);
  /** What is in the cave by now, when it is neither what was read nor what is here. */
  const [theirs, setTheirs] = useState<OpenedText>();
  /** What became of it in the cave while there is something unsaved here. */
  const [note, setNote] = useState<keyof typeof notes | undefined>(
    draft !== undefined && draft.etag !== file.etag ? "changed" : undefined,
  );
  const text = draft?.text ?? file.text;

  // Before the editor's own effects: when all of this goes, the text is still there.
  const latest = useRef({ place, dirty, etag, saving, textNow: () => text });
  useEffect(
    () => () => {
      const { place, dirty, etag, textNow } = latest.current;
      if (dirty && dirtyPanels.get().has(place.id)) keepDraft(cave.id, path, { text: textNow(), etag });
      place.setDirty(false);
    },
    [cave.id, path],
  );

  const saveRef = useRef(() => undefined as unknown);
  const savedVersion = useRef<number>(undefined);
  const onSave = () => saveRef.current();
  const { editor, model } = useEditor(host, place.window, { path, text, onSave });
  const textNow = () => model?.getValue(undefined, true) ?? text;
  const versionNow = () => model?.getAlternativeVersionId();
  useEffect(() => {
    latest.current = { place, dirty, etag, saving, textNow };
    saveRef.current = () => void save();
  });

  useEffect(() => {
    if (!model) return;
    savedVersion.current = draft === undefined ? versionNow() : undefined;
    const following = model.onDidChangeContent(() => setDirty(versionNow() !== savedVersion.current));
    return () => following.dispose();
  }, [model, draft]);
  useEffect(() => place.setDirty(dirty), [place, dirty]);
  const { params } = place;
  const shown = useRef<PanelParams>(undefined);
  useEffect(() => {
    const { line, column } = params;
    if (!editor || line === undefined || shown.current === params) return;
    shown.current = params;
    editor.setPosition({ lineNumber: line, column: column ?? 1 });
    editor.revealLineInCenter(line);
    editor.focus();
  }, [editor, params]);
  useEffect(() => {
    if (place.active && place.visible) editor?.focus();
  }, [editor, place.active, place.visible]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);

  /** `merged`: what came of a conflict; it is what is edited from then on. */
  async function save(over = etag, merged?: string): Promise<void> {
    if (saving) return;
    if (model && merged !== undefined)
      editor?.executeEdits("conflict", [
        { range: model.getFullModelRange(), text: merged.replace(/^\ufeff/, "") },
      ]);
    // What is typed while it is on its way is not in it.
    const version = versionNow();
    setSaving(true);
    try {
      const next = await writeFile(cave.id, path, textNow(), over);
      if (next === undefined) {
        await meet();
        return;
      }
      setEtag(next);
      setTheirs(undefined);
      setNote(undefined);
      savedVersion.current = version;
      setDirty(versionNow() !== version);
    } catch (error) {
      toastError(error, `${nameOf(path)} was not saved`);
    } finally {
      setSaving(false);
    }
  }

  /** Somebody else was there: shows what they made of it. */
  async function meet(): Promise<void> {
    try {
      const found = await readFile(cave.id, path, AbortSignal.timeout(20_000));
      if (found.kind === "text") setTheirs(found);
      else
        toast({ tone: "danger", title: `${nameOf(path)} was not saved`, detail: "It is no text any more." });
    } catch (error) {
      if (!isCode(error, "file_not_found")) throw error;
      setEtag("");
      setNote("deleted");
      toast({
        key: path,
        tone: "danger",
        title: `${nameOf(path)} was deleted in the cave`,
        detail: "Save again to make it anew.",
      });
    }
  }

  // What others write is shown at once where nothing is lost by it.
  useEffect(() => {
    if (!path.startsWith(`${workspace}/`)) return;
    const stop = new AbortController();
    const unfollow = followFiles(cave.id, (news) => {
      if (news !== "missed" && !news.some((one) => one.path === path)) return;
      if (latest.current.saving) return;
      readFile(cave.id, path, stop.signal).then(
        (found) => {
          const { dirty, etag, saving } = latest.current;
          if (saving || stop.signal.aborted || found.kind !== "text" || found.etag === etag) return;
          if (dirty) setNote("changed");
          else {
            const view = editor?.saveViewState();
            model?.setValue(found.text);
            if (view) editor?.restoreViewState(view);
            savedVersion.current = model?.getAlternativeVersionId();
            setDirty(false);
            setNote(undefined);
            setEtag(found.etag);
          }
        },
        (error: unknown) => {
          if (isCode(error, "file_not_found")) setNote("deleted");
        },
      );
    });
    return () => {
      unfollow();
      stop.abort();
    };
  }, [cave.id, path, editor, model]);

  const [asking, setAsking] = useState(false);
  const forget = () => {
    place.setDirty(false);
    onReload();
  };
  return (
    <div className="flex h-full flex-col" data-keys="own">
      <PanelBar label={nameOf(path)}>
        <Path path={path} />
        {note !== undefined && !theirs && (
          <span role="status" className="truncate text-xs text-warn">
            {notes[note]}
          </span>
        )}
        <IconButton label="Read it again" size="sm" onClick={() => (dirty ? setAsking(true) : forget())}>
          <RotateCw />
        </IconButton>
        <Button
          size="sm"
          kind={dirty ? "primary" : "secondary"}
          disabled={!dirty && note !== "deleted"}
          busy={saving}
          onClick={() => void save()}
        >
          <Save aria-hidden /> Save
        </Button>
      </PanelBar>
      <div className="relative min-h-0 grow">
        <EditorMenu editor={editor}>
          <div ref={host} className="absolute inset-0" />
        </EditorMenu>
        {theirs && (
          <Conflict
            key={theirs.etag}
            window={place.window}
            path={path}
            theirs={theirs.text}
            own={textNow()}
            busy={saving}
            onKeep={(text) => void save(theirs.etag, text)}
            onTake={forget}
            onBack={() => setTheirs(undefined)}
          />
        )}
      </div>
      {asking && (
        <Confirm
          title={`Read ${nameOf(path)} again?`}
          action="Read it again"
          onYes={forget}
          onClose={() => setAsking(false)}
        >
          What you changed and have not saved is lost.
        </Confirm>
      )}
    </div>
  );
}
