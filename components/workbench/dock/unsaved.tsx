"use client";
import { useEffect } from "react";
import { createStore, useStore } from "../../lib/store.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { PortalContext } from "../../ui/portal.ts";

interface Question {
  /** What is closed. */
  readonly what: string;
  /** Where it is. */
  readonly window: Window;
  readonly close: () => void;
}

const asked = createStore<Question | undefined>(undefined);
export const askUnsaved = asked.set;

/** Asks before something that was not saved is closed, in the window where it is. */
export function UnsavedQuestion() {
  const question = useStore(asked);
  useEffect(() => () => asked.set(undefined), []);
  if (!question) return null;
  const { what, window, close } = question;
  const { body } = window.document;
  return (
    <PortalContext value={body}>
      <Confirm
        title={`Close ${what} without saving?`}
        action="Close without saving"
        onYes={close}
        onClose={() => asked.set(undefined)}
        focusAfter={() => body.querySelector<HTMLElement>(".dv-active-group .dv-active-tab")}
      >
        What was changed and not saved is lost.
      </Confirm>
    </PortalContext>
  );
}
