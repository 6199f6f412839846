"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { setParams } from "../lib/use-param.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Keys } from "../ui/kbd.tsx";
import { toast } from "../ui/toast.tsx";
import { useCreateCave } from "./api/create-cave.ts";
import { removeMade } from "./api/remove-made.ts";
import { check } from "./check.ts";
import { CreateForm } from "./create-form.tsx";
import { draftFrom, toInput, type Draft, type Problems } from "./draft.ts";
import { CreateProgress } from "./progress.tsx";

/** A form at the side that turns into the progress of what it makes, and back into the form if that fails. */
export function CreateSheet() {
  const router = useRouter();
  const client = useQueryClient();
  const params = useSearchParams();
  const [{ draft: first, filled }] = useState(() => draftFrom(params));
  const [draft, setDraft] = useState(first);
  const [problems, setProblems] = useState<Problems>({});
  const { creation, start, reset } = useCreateCave();
  const going = creation.status === "going";

  const set = (part: Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...part }));
    setProblems({});
  };
  const close = () => {
    if (going)
      toast({
        title: `${draft.name || "The cave"} goes on being made.`,
        detail: "The list shows how far it is.",
      });
    setParams(Object.fromEntries(["new", ...filled].map((name) => [name, null])));
  };
  async function create() {
    const found = check(draft);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const cave = await start(toInput(draft));
    if (cave) router.push(`/caves/${cave.name}`);
  }
  const made = creation.id ?? draft.name;
  function cancel() {
    reset();
    void removeMade(client, made);
  }

  const idle = creation.status === "idle";
  return (
    <Dialog
      open
      onOpenChange={close}
      side="right"
      title={
        idle
          ? "New cave"
          : creation.status === "failed"
            ? "That did not work"
            : `Making ${draft.name || "a cave"}`
      }
      description={
        idle && filled.length > 0
          ? `A link filled in ${filled.join(", ")}. Check it: nothing is made before you press Create.`
          : undefined
      }
      footer={
        idle ? (
          <>
            <span className="mr-auto max-sm:hidden">
              <Keys keys="mod+enter" />
            </span>
            <Button size="lg" onClick={close}>
              Cancel
            </Button>
            <Button size="lg" kind="primary" onClick={() => void create()}>
              Create
            </Button>
          </>
        ) : creation.status === "failed" ? (
          <>
            <Button size="lg" onClick={reset}>
              Change something
            </Button>
            <Button size="lg" kind="primary" onClick={() => void create()}>
              Try again
            </Button>
          </>
        ) : (
          <>
            {made !== "" && (
              <Button size="lg" kind="quiet" onClick={cancel}>
                Cancel and delete it
              </Button>
            )}
            <Button size="lg" onClick={close}>
              Go on in the background
            </Button>
          </>
        )
      }
    >
      {idle ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              void create();
            }
          }}
        >
          <CreateForm draft={draft} set={set} problems={problems} />
          {/* Enter in a field creates, as in any form. */}
          <button type="submit" className="sr-only" tabIndex={-1} aria-hidden>
            Create
          </button>
        </form>
      ) : (
        <CreateProgress creation={creation} />
      )}
    </Dialog>
  );
}
