"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { secretsQuery } from "../secrets/api/secrets.ts";
import { may, meQuery } from "../session/api.ts";
import { backendsQuery } from "../system/api/backends.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { Field, Problem } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import type { Draft } from "./draft.ts";

interface Props {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  problem: string | undefined;
}

/** What most caves do without. */
export function MoreFields({ draft, set, problem }: Props) {
  const { data: me } = useQuery(meQuery);
  const { data: secrets = [] } = useQuery({ ...secretsQuery, enabled: may(me, "secrets") });
  const { data: backends = [] } = useQuery(backendsQuery);
  const change = (index: number, part: Partial<Draft["env"][number]>) =>
    set({ env: draft.env.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <div className="grid gap-5">
      <fieldset className="grid gap-2">
        <legend className="mb-1 text-sm font-medium">Environment</legend>
        {draft.env.map(({ name, value }, index) => (
          <div key={index} className="flex gap-2">
            <Input
              aria-label={`Name of variable ${index + 1}`}
              placeholder="NAME"
              className="max-w-40 font-mono text-xs"
              value={name}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <Input
              aria-label={`Value of variable ${index + 1}`}
              placeholder="value"
              className="font-mono text-xs"
              value={value}
              onChange={(event) => change(index, { value: event.target.value })}
            />
            <IconButton
              label={`Remove variable ${index + 1}`}
              size="lg"
              onClick={() => set({ env: draft.env.filter((_, at) => at !== index) })}
            >
              <X />
            </IconButton>
          </div>
        ))}
        <div className="flex items-center gap-3">
          <Button size="sm" onClick={() => set({ env: [...draft.env, { name: "", value: "" }] })}>
            <Plus aria-hidden /> Variable
          </Button>
          <span className="text-xs text-faint">
            Anybody who may see the cave sees these. Use secrets for keys.
          </span>
        </div>
        <Problem>{problem}</Problem>
      </fieldset>
      {secrets.length > 0 && (
        <fieldset className="grid gap-1.5">
          <legend className="mb-1.5 text-sm font-medium">Secrets</legend>
          {secrets.map(({ name }) => (
            <label key={name} className="flex items-center gap-2.5 font-mono text-xs">
              <Checkbox
                checked={draft.secrets.includes(name)}
                onCheckedChange={(on) =>
                  set({
                    secrets:
                      on === true ? [...draft.secrets, name] : draft.secrets.filter((one) => one !== name),
                  })
                }
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      {backends.length > 1 && (
        <Field label="Backend">
          {(control) => (
            <Select
              {...control}
              value={draft.backend}
              onChange={(backend) => set({ backend })}
              options={backends.map(({ name, version }) => ({
                value: name,
                label: `${name} ${version ?? ""}`,
              }))}
            />
          )}
        </Field>
      )}
    </div>
  );
}
