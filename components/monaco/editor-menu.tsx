"use client";
import type { editor } from "monaco-editor/editor/editor.api.js";
import { useRef, useState, type ReactNode } from "react";
import { MenuItem, MenuLine, PointMenu, type Point } from "../ui/menu.tsx";
import { toast } from "../ui/toast.tsx";

interface Props {
  editor: editor.ICodeEditor | undefined;
  /** The element that it is in. */
  children: ReactNode;
}

/** What the other button of the mouse offers in an editor. */
export function EditorMenu({ editor, children }: Props) {
  const [at, setAt] = useState<Point>();
  const chosen = useRef<() => void>(undefined);
  const run = (command: string) => () => {
    chosen.current = () => editor?.trigger("menu", command, undefined);
  };
  const paste = () => {
    chosen.current = () => {
      const own = editor?.getContainerDomNode().ownerDocument.defaultView ?? window;
      own.navigator.clipboard.readText().then(
        (text) => editor?.trigger("menu", "paste", { text }),
        () => toast({ key: "paste", title: "The browser does not let this page read its clipboard" }),
      );
    };
  };
  return (
    <div
      className="contents"
      onContextMenu={(event) => {
        // React lets what happens in the menu bubble to here.
        if (!event.currentTarget.contains(event.target as Node)) return;
        event.preventDefault();
        setAt({ x: event.clientX, y: event.clientY });
      }}
    >
      {children}
      {at && editor && (
        <PointMenu
          at={at}
          onClose={() => {
            setAt(undefined);
            // Commands are for the editor that has the focus, and some give it to something else.
            editor.focus();
            chosen.current?.();
            chosen.current = undefined;
          }}
        >
          <MenuItem keys="mod+x" onSelect={run("editor.action.clipboardCutAction")}>
            Cut
          </MenuItem>
          <MenuItem keys="mod+c" onSelect={run("editor.action.clipboardCopyAction")}>
            Copy
          </MenuItem>
          <MenuItem keys="mod+v" onSelect={paste}>
            Paste
          </MenuItem>
          <MenuLine />
          <MenuItem keys="mod+f" onSelect={run("actions.find")}>
            Find
          </MenuItem>
          <MenuItem keys="mod+f2" onSelect={run("editor.action.changeAll")}>
            Change all occurrences
          </MenuItem>
          <MenuItem keys="f1" onSelect={run("editor.action.quickCommand")}>
            Editor commands
          </MenuItem>
        </PointMenu>
      )}
    </div>
  );
}
