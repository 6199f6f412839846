"use client";
import { useEffect, useState } from "react";
import { bytes } from "../lib/units.ts";
import { latestFigures } from "../live/figures.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { Input } from "../ui/input.tsx";
import { toast } from "../ui/toast.tsx";
import { Outcomes } from "./outcomes.tsx";
import { verbsFor, verbWords, type Verb } from "./states.ts";
import { useWork } from "./work.ts";
import type { Cave } from "#contract/cave.ts";

export interface Work {
  readonly verb: Verb;
  readonly caves: readonly Cave[];
}

interface Props {
  work: Work;
  onClose: () => void;
}

/** Something done to one cave or to many: asked first where data goes, then with a result for each. */
export function WorkDialog({ work: { verb, caves }, onClose }: Props) {
  const { outcomes, busy, start, cancel } = useWork();
  const [asked, setAsked] = useState(verb !== "remove");
  const many = caves.length > 1;

  // What asks nothing begins by itself.
  useEffect(() => {
    if (verb !== "remove") void start(verb, caves);
  }, [verb, caves, start]);

  if (!asked)
    return (
      <RemoveQuestion
        caves={caves}
        onClose={onClose}
        onYes={(keepWorkspace) => {
          setAsked(true);
          void start("remove", caves, { keepWorkspace });
        }}
      />
    );
  const close = () => {
    const left = outcomes.filter(({ state }) => state === "waiting").length;
    if (left > 0)
      toast({
        title: `${left} of ${outcomes.length} caves were left as they are`,
        detail: "What was begun goes on.",
      });
    onClose();
  };
  const failed = outcomes.filter(({ state }) => state === "failed");
  const { doing, done } = verbWords[verb];
  const title = busy
    ? `${doing} ${many ? `${caves.length} caves` : (caves[0]?.name ?? "")}`
    : failed.length > 0
      ? `${failed.length} failed`
      : done;
  return (
    <Dialog
      open
      onOpenChange={close}
      title={title}
      reading
      footer={
        busy ? (
          <Button onClick={cancel}>Stop after those that began</Button>
        ) : (
          <>
            {failed.length > 0 && (
              <Button
                onClick={() =>
                  void start(
                    verb,
                    failed.map(({ cave }) => cave),
                  )
                }
              >
                Try again
              </Button>
            )}
            <Button kind="primary" onClick={onClose}>
              Done
            </Button>
          </>
        )
      }
    >
      <Outcomes outcomes={outcomes} />
    </Dialog>
  );
}

interface QuestionProps {
  caves: readonly Cave[];
  onClose: () => void;
  onYes: (keepWorkspace: boolean) => void;
}

/** Names what is lost, and asks for the name only when data goes. */
function RemoveQuestion({ caves, onClose, onYes }: QuestionProps) {
  const [keep, setKeep] = useState(false);
  const [typed, setTyped] = useState("");
  const able = caves.filter(({ state }) => verbsFor[state].includes("remove"));
  const one = able.length === 1 ? able[0] : undefined;
  const what = one?.name ?? `${able.length} caves`;
  const size = able.reduce((sum, { id }) => sum + (latestFigures(id)?.diskBytes ?? 0), 0);
  const workspace = `${one ? "the workspace" : "their workspaces"}${size > 0 ? `, ${bytes(size)}` : ""}`;
  return (
    <FormDialog
      title={`Delete ${what}?`}
      description={
        keep
          ? `What runs in ${one ? "it" : "them"} ends. A new cave of the same name gets ${workspace} back.`
          : `This deletes ${workspace}, and ends what runs in ${one ? "it" : "them"}. It cannot be undone.`
      }
      action={`Delete ${what}`}
      danger
      ready={keep || typed === what}
      onSubmit={() => onYes(keep)}
      onClose={onClose}
    >
      <label className="flex items-center gap-2.5">
        <Checkbox checked={keep} onCheckedChange={(checked) => setKeep(checked === true)} />
        Keep {one ? "the workspace" : "the workspaces"}
      </label>
      {!keep && (
        <Field
          label={`Type “${what}” to delete ${one ? "it" : "them"} with all ${one ? "its" : "their"} files`}
        >
          {(control) => (
            <Input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
      )}
    </FormDialog>
  );
}
