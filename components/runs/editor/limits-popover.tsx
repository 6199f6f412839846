"use client";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import type { LimitName, Program } from "../program/program.ts";
import { rangeOf } from "../program/read-program.ts";
import { edit } from "../program/workspace.ts";
import type { LanguageList, LanguageStatus } from "#contract/run.ts";

/** As people count them; a request has `per` of the API's unit for each. */
const fields: readonly { name: LimitName; label: string; unit: string; per: number }[] = [
  { name: "timeoutMs", label: "Time", unit: "s", per: 1000 },
  { name: "cpuMillis", label: "CPU", unit: "cores", per: 1000 },
  { name: "memoryMb", label: "Memory", unit: "MB", per: 1 },
  { name: "processes", label: "Processes", unit: "", per: 1 },
  { name: "maxOutputBytes", label: "Output", unit: "KB", per: 1024 },
  { name: "openFiles", label: "Open files", unit: "", per: 1 },
  { name: "fileSizeMb", label: "Largest file", unit: "MB", per: 1 },
];

interface Props {
  program: Program;
  language: LanguageStatus;
  list: LanguageList;
}

/** What a run may take of the machine, and where it runs. */
export function LimitsPopover({ program, language, list }: Props) {
  const { limits, network, typecheck, runtime } = program;
  const changed = Object.keys(limits).length + Number(network) + Number(typecheck) + Number(runtime !== "");
  const usual = list.runtimes.find((one) => one.default);
  return (
    <Popover
      label="Limits"
      align="end"
      className="max-h-[70vh] w-72 overflow-y-auto"
      trigger={
        <Button size="sm" kind="quiet">
          <SlidersHorizontal aria-hidden />
          <span>Limits{changed > 0 && <span className="text-accent-ink"> · {changed} changed</span>}</span>
        </Button>
      }
    >
      <div className="grid grid-cols-2 gap-x-3 gap-y-2">
        {fields.map(({ name, label, unit, per }) => (
          <LimitField
            key={name}
            name={name}
            label={label}
            unit={unit}
            per={per}
            value={limits[name] ?? language.limits.defaults[name]}
            usual={language.limits.defaults[name]}
            onChange={(value) => {
              const { [name]: _, ...rest } = limits;
              edit({ limits: value === language.limits.defaults[name] ? rest : { ...rest, [name]: value } });
            }}
          />
        ))}
      </div>
      <div className="mt-3 grid gap-2.5 border-t border-line pt-3">
        <Toggle
          label="Network"
          hint="The caves' network, with its firewall. Such a run starts cold."
          checked={network}
          onChange={(checked) => edit({ network: checked })}
        />
        {language.name === "typescript" && (
          <Toggle
            label="Check types"
            hint="Before it runs; takes seconds."
            checked={typecheck}
            onChange={(checked) => edit({ typecheck: checked })}
          />
        )}
        {list.runtimes.length > 1 && (
          <Field label="Runtime">
            {(control) => (
              <Select
                {...control}
                value={runtime === "" ? (usual?.name ?? "") : runtime}
                onChange={(value) => edit({ runtime: value === usual?.name ? "" : value })}
                options={list.runtimes.map(({ name, isolation }) => ({
                  value: name,
                  label: name,
                  hint: isolation,
                }))}
              />
            )}
          </Field>
        )}
      </div>
      <div className="mt-3 flex items-center justify-between gap-2 border-t border-line pt-2.5 text-xs text-faint">
        <span>/work and /tmp: {language.limits.diskMb} MB each</span>
        <Button
          size="sm"
          kind="quiet"
          disabled={changed === 0}
          onClick={() => edit({ limits: {}, network: false, typecheck: false, runtime: "" })}
        >
          Usual ones
        </Button>
      </div>
    </Popover>
  );
}

interface LimitProps {
  name: LimitName;
  label: string;
  unit: string;
  per: number;
  value: number;
  usual: number;
  onChange: (value: number) => void;
}

function LimitField({ name, label, unit, per, value, usual, onChange }: LimitProps) {
  /** What is typed, until it is taken. */
  const [draft, setDraft] = useState<string>();
  const text = draft ?? String(value / per);
  const { min, max } = rangeOf(name);
  const typed = Math.round(Number(text) * per);
  const wrong = text.trim() === "" || !Number.isFinite(typed) || typed < min || typed > max;
  const shown = (count: number) => (count / per).toLocaleString("en", { maximumFractionDigits: 3 });
  const done = () => {
    if (wrong) return;
    setDraft(undefined);
    if (typed !== value) onChange(typed);
  };
  return (
    <Field
      label={label}
      aside={unit === "" ? undefined : unit}
      error={wrong ? `${shown(min)} to ${shown(max)}` : undefined}
      hint={value === usual ? undefined : `usually ${shown(usual)}`}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          value={text}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={done}
          onKeyDown={(event) => {
            if (event.key === "Enter") done();
          }}
          className="h-7!"
        />
      )}
    </Field>
  );
}

interface ToggleProps {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

const Toggle = ({ label, hint, checked, onChange }: ToggleProps) => (
  <Field label={label} hint={hint}>
    {(control) => <Switch {...control} checked={checked} onCheckedChange={onChange} />}
  </Field>
);
