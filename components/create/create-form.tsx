"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cavesQuery } from "../caves/api/list-caves.ts";
import { backendsQuery } from "../system/api/backends.ts";
import { imagesQuery } from "../system/api/images.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { Field, Problem } from "../ui/field.tsx";
import { Input, TextArea } from "../ui/input.tsx";
import { Select } from "../ui/select.tsx";
import { idleChoices, ttlChoices, type Draft, type Problems } from "./draft.ts";
import { LimitsFields } from "./limits-fields.tsx";
import { MoreFields } from "./more-fields.tsx";

interface Props {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  problems: Problems;
}

const surfaces = [
  { key: "desktop", name: "Desktop" },
  { key: "code", name: "VS Code" },
  { key: "jupyter", name: "Jupyter" },
] as const;

export function CreateForm({ draft, set, problems }: Props) {
  const { data: caves = [] } = useQuery(cavesQuery);
  const { data: images = [] } = useQuery(imagesQuery);
  const { data: backends = [] } = useQuery(backendsQuery);
  const [more, setMore] = useState(draft.env.length > 0 || draft.secrets.length > 0);
  const recent = [
    ...new Set(["ghost/cave", ...caves.map(({ image }) => image), "python:3.12-slim", "node:24-slim"]),
  ].slice(0, 5);
  const building = images.find(({ flavor, state }) => state === "building" && !flavor.startsWith("run:"));
  const networks = backends.find(({ name }) => name === draft.backend)?.capabilities.networks ?? [
    "open",
    "none",
  ];
  return (
    <div className="grid gap-5">
      <Field
        label="Name"
        aside="optional"
        hint="Becomes part of its addresses. Left empty, it gets one such as quiet-lantern."
        error={problems.name}
      >
        {(control) => (
          <Input
            {...control}
            autoFocus
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-2">
        <Field
          label="Image"
          error={problems.image}
          hint={
            draft.image.startsWith("ghost/cave")
              ? building
                ? `The ${building.flavor} image is being built, step ${building.step ?? "?"} of ${building.steps ?? "?"}: creating may wait for it.`
                : "With desktop, VS Code and Jupyter."
              : "Commands, files and ports; a terminal, desktop, VS Code and Jupyter need ghost/cave or an image built on it."
          }
        >
          {(control) => (
            <Input
              {...control}
              className="font-mono text-xs"
              value={draft.image}
              onChange={(event) => set({ image: event.target.value.trim() })}
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-1.5" role="group" aria-label="Images used before">
          {recent
            .filter((image) => image !== draft.image)
            .map((image) => (
              <Button key={image} size="sm" className="font-mono text-xs" onClick={() => set({ image })}>
                {image}
              </Button>
            ))}
        </div>
      </div>
      <LimitsFields draft={draft} onChange={(limits) => set({ limits })} problem={problems.limits} />
      <Field label="Network">
        {(control) => (
          <Select
            {...control}
            value={draft.network}
            onChange={(network) => set({ network })}
            options={[
              {
                value: "open" as const,
                label: "Open",
                hint: "The internet, and nothing of this machine or its network",
              },
              { value: "none" as const, label: "None", hint: "Nothing at all; you still reach the cave" },
              { value: "allow" as const, label: "Listed hosts", hint: "Only the hosts you name" },
            ].filter(({ value }) => networks.includes(value))}
          />
        )}
      </Field>
      {draft.network === "allow" && (
        <Field
          label="Hosts it may reach"
          hint="One to a line: names, *.wildcards or address ranges"
          error={problems.allow}
        >
          {(control) => (
            <TextArea
              {...control}
              className="font-mono text-xs"
              placeholder={"registry.npmjs.org\n*.github.com"}
              value={draft.allow}
              onChange={(event) => set({ allow: event.target.value })}
            />
          )}
        </Field>
      )}
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">Start with it</legend>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          {surfaces.map(({ key, name }) => (
            <label key={key} className="flex items-center gap-2.5">
              <Checkbox
                disabled={!draft.image.startsWith("ghost/cave")}
                checked={draft.services[key]}
                onCheckedChange={(on) => set({ services: { ...draft.services, [key]: on === true } })}
              />
              {name}
            </label>
          ))}
        </div>
        <p className="mt-1.5 text-xs text-faint">The others start when you first open them.</p>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Stop after">
          {(control) => (
            <Select
              {...control}
              value={String(draft.idleMs)}
              onChange={(value) => set({ idleMs: Number(value) })}
              options={withValue(idleChoices, draft.idleMs)}
            />
          )}
        </Field>
        <Field label="Delete after">
          {(control) => (
            <Select
              {...control}
              value={String(draft.ttlMs)}
              onChange={(value) => set({ ttlMs: Number(value) })}
              options={withValue(ttlChoices, draft.ttlMs)}
            />
          )}
        </Field>
      </div>
      <div>
        <Button kind="quiet" className="-ml-2.5" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? "Less" : "More: environment, secrets"}
        </Button>
        {more && (
          <div className="mt-3">
            <MoreFields draft={draft} set={set} problem={problems.env} />
          </div>
        )}
      </div>
      <Problem>{problems.other}</Problem>
    </div>
  );
}

/** A link may have brought a time that is not among the choices. */
function withValue(choices: readonly { value: string; label: string }[], ms: number) {
  const known = choices.some(({ value }) => value === String(ms));
  return known ? choices : [...choices, { value: String(ms), label: `${Math.round(ms / 60_000)} minutes` }];
}
