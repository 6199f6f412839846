"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cavesQuery } from "../caves/api/list-caves.ts";
import { bytes, megabytes } from "../lib/units.ts";
import { backendsQuery } from "../system/api/backends.ts";
import { Button } from "../ui/button.tsx";
import { ChoiceCards } from "../ui/choice-cards.tsx";
import { Problem } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Slider } from "../ui/slider.tsx";
import { sizes, type Draft } from "./draft.ts";
import type { Limits } from "#contract/cave.ts";

const amounts = [
  { key: "cpus", name: "CPU cores", unit: "", min: 0.1, step: 0.1 },
  { key: "memoryMb", name: "Memory", unit: "MB", min: 64, step: 64 },
  { key: "diskMb", name: "Disk", unit: "MB", min: 64, step: 64 },
  { key: "pids", name: "Processes", unit: "", min: 16, step: 16 },
] as const;

interface Props {
  draft: Draft;
  onChange: (limits: Limits) => void;
  problem: string | undefined;
}

/** Three sizes with their numbers, or each number by itself. */
export function LimitsFields({ draft: { limits, backend }, onChange, problem }: Props) {
  const [open, setOpen] = useState(false);
  const { data: backends } = useQuery(backendsQuery);
  const { data: caves = [] } = useQuery(cavesQuery);
  const facts = backends?.find(({ name }) => name === backend)?.facts ?? {};
  const cpus = typeof facts["cpus"] === "number" ? facts["cpus"] : 8;
  const memoryMb = Math.round(
    (typeof facts["memoryBytes"] === "number" ? facts["memoryBytes"] : 2 ** 34) / 2 ** 20,
  );
  const promised = caves
    .filter((cave) => cave.state === "running" && cave.backend === backend)
    .reduce((sum, cave) => sum + cave.limits.memoryMb, 0);
  const fits = sizes.find((size) => amounts.every(({ key }) => size.limits[key] === limits[key]));
  const most: Limits = { cpus, memoryMb, diskMb: 102_400, pids: 4096 };

  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 flex w-full items-baseline justify-between text-sm font-medium">Size</legend>
      <ChoiceCards
        label="Size"
        value={fits?.name}
        onChange={(name) => onChange(sizes.find((size) => size.name === name)?.limits ?? limits)}
        choices={sizes.map((size) => ({
          value: size.name,
          content: (
            <>
              <span className="block font-medium">{size.name}</span>
              <span className="block text-xs whitespace-nowrap text-dim">
                {size.limits.cpus} CPU · {megabytes(size.limits.memoryMb)}
              </span>
            </>
          ),
        }))}
      />
      <div className="flex items-center justify-between gap-3">
        <p className="text-xs text-faint">
          {facts["memoryBytes"] === undefined
            ? ""
            : `This machine has ${cpus} CPUs and ${bytes(memoryMb * 2 ** 20)}; running caves may use ${megabytes(promised)} of it.`}
        </p>
        <Button size="sm" kind="quiet" aria-expanded={open || !fits} onClick={() => setOpen(!open)}>
          {open ? "Less" : "Each by itself"}
        </Button>
      </div>
      {(open || !fits) && (
        <div className="grid gap-1.5 rounded-md border border-line bg-canvas p-3">
          {amounts.map(({ key, ...amount }) => (
            <Amount
              {...amount}
              key={key}
              value={limits[key]}
              max={Math.max(most[key], limits[key])}
              onChange={(value) => onChange({ ...limits, [key]: value })}
            />
          ))}
          {facts["memoryBytes"] !== undefined && limits.memoryMb + promised > memoryMb && (
            <p className="text-xs text-warn">
              More than this machine has left. It works until the caves want it at the same time.
            </p>
          )}
        </div>
      )}
      <Problem>{problem}</Problem>
    </fieldset>
  );
}

interface AmountProps {
  name: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
}

function Amount({ name, unit, value, min, max, step, onChange }: AmountProps) {
  return (
    <div className="grid grid-cols-[5.5rem_1fr_7.5rem] items-center gap-3">
      <span className="text-sm text-dim">{name}</span>
      <Slider
        aria-label={name}
        text={`${value} ${unit}`}
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={(next) => onChange(Math.round(next * 10) / 10)}
      />
      <span className="relative">
        <Input
          type="number"
          aria-label={`${name}${unit === "" ? "" : ` in ${unit}`}`}
          className="pr-9 text-right font-mono text-xs"
          value={value}
          min={min}
          step="any"
          onChange={(event) => {
            const next = event.target.valueAsNumber;
            if (Number.isFinite(next)) onChange(next);
          }}
        />
        <span className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-xs text-faint">
          {unit}
        </span>
      </span>
    </div>
  );
}
