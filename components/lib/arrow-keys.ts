import type { KeyboardEvent } from "react";

const steps = {
  tab: { ArrowRight: 1, ArrowLeft: -1 },
  radio: { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 },
} as const;

/** For whatever holds tabs or radio buttons, of which only the chosen one is on the way of the Tab key: arrows move, and choose. */
export const arrowKeys =
  (role: keyof typeof steps) =>
  (event: KeyboardEvent<HTMLElement>): void => {
    const step = (steps[role] as Partial<Record<string, number>>)[event.key];
    if (step === undefined) return;
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>(`[role=${role}]`)];
    const at = all.indexOf(event.target as HTMLElement);
    const next = all[(at + step + all.length) % all.length];
    event.preventDefault();
    next?.click();
    next?.focus();
  };
