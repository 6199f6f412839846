"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../lib/api.ts";
import { may, meQuery } from "../session/api.ts";
import { Checkbox } from "../ui/checkbox.tsx";
import { Field } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
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
  const offered = allRights.filter((scope) => may(me, scope));
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof lifetimes)[number]["value"]>("90");
  const [chosen, setChosen] = useState<readonly Scope[]>([
    "caves:read",
    "caves:write",
    "caves:exec",
    "caves:files",
    "caves:ports",
  ]);
  const make = useMutation({
    mutationFn: () => api.accounts.createToken({ body: { name, scopes, expiresInMs: Number(days) * day } }),
    onSuccess: () => client.invalidateQueries(tokensQuery),
  });
  // A token has no right that its maker has not.
  const scopes = chosen.filter((scope) => offered.includes(scope));

  if (make.data)
    return (
      <ShownOnce
        title={`The token ${make.data.name}`}
        description="Copy it now: it is shown this once, and only its hash is kept."
        text={make.data.secret}
        copy="Copy the token"
        done="I have it"
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title="New token"
      action="Make the token"
      ready={name.trim() !== "" && scopes.length > 0}
      busy={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate()}
      onClose={onClose}
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
        {offered.map((scope) => (
          <label key={scope} className="flex items-start gap-2.5">
            <Checkbox
              className="mt-0.5"
              checked={scopes.includes(scope)}
              onCheckedChange={(on) =>
                setChosen(on === true ? [...scopes, scope] : scopes.filter((one) => one !== scope))
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
    </FormDialog>
  );
}
