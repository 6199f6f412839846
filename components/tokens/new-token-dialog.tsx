"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../lib/api.ts";
import { may, meQuery } from "../session/api.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { ErrorNote } from "../ui/states.tsx";
import { tokensQuery } from "./api/tokens.ts";
import { allRights, rights } from "./rights.ts";
import type { Scope } from "#contract/scopes.ts";

const day = 86_400_000;
const lifetimes = [
  { value: "7", label: "A week" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
] as const;

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof lifetimes)[number]["value"]>("90");
  const [scopes, setScopes] = useState<readonly Scope[]>([
    "caves:read",
    "caves:write",
    "caves:exec",
    "caves:files",
    "caves:ports",
  ]);
  const make = useMutation({
    mutationFn: () =>
      api.accounts.createToken({ body: { name, scopes: [...scopes], expiresInMs: Number(days) * day } }),
    onSuccess: () => client.invalidateQueries(tokensQuery),
  });

  if (make.data)
    return (
      <Dialog
        open
        stay
        onOpenChange={onClose}
        title={`The token ${make.data.name}`}
        description="Copy it now: it is shown this once, and only its hash is kept."
        footer={
          <Button kind="primary" onClick={onClose}>
            I have it
          </Button>
        }
      >
        <div className="flex items-center gap-2 rounded-md border border-line-strong bg-canvas py-1.5 pr-1.5 pl-3">
          <code className="grow text-xs break-all text-accent-ink select-all">{make.data.secret}</code>
          <CopyButton text={make.data.secret} label="Copy the token" />
        </div>
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New token"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={make.isPending}
            disabled={name.trim() === "" || scopes.length === 0}
            onClick={() => make.mutate()}
          >
            Make the token
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "" && scopes.length > 0) make.mutate();
        }}
      >
        <Field label="What it is for">
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={100}
              placeholder="CI, my laptop, an agent"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-sm font-medium">What it may do</legend>
          {allRights
            .filter((scope) => may(me, scope))
            .map((scope) => (
              <label key={scope} className="flex items-start gap-2.5">
                <Checkbox
                  className="mt-0.5"
                  checked={scopes.includes(scope)}
                  onCheckedChange={(on) =>
                    setScopes(on === true ? [...scopes, scope] : scopes.filter((one) => one !== scope))
                  }
                />
                <span>
                  {rights[scope]}
                  <span className="ml-2 font-mono text-xs text-faint">{scope}</span>
                </span>
              </label>
            ))}
        </fieldset>
        <Field label="Good for">
          {(control) => <Select {...control} value={days} onChange={setDays} options={lifetimes} />}
        </Field>
        {make.error && <ErrorNote error={make.error} />}
      </form>
    </Dialog>
  );
}
