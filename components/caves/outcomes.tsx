import { Check, CircleAlert, Minus } from "lucide-react";
import { Spinner } from "../ui/spinner.tsx";
import type { Outcome } from "./work.ts";

const icons = {
  waiting: <span className="size-3.5" />,
  doing: <Spinner className="text-busy" />,
  done: <Check className="size-3.5 text-ok" aria-hidden />,
  skipped: <Minus className="size-3.5 text-faint" aria-hidden />,
  failed: <CircleAlert className="size-3.5 text-danger" aria-hidden />,
};

export function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  return (
    <ul aria-label="Results" aria-live="polite" className="grid">
      {outcomes.map(({ cave, state, text }) => (
        <li key={cave.id} className="flex gap-2.5 border-b border-line py-2 last:border-0">
          <span className="mt-0.5 shrink-0">{icons[state]}</span>
          <span className="min-w-0 grow">
            <span className="font-medium">{cave.name}</span>
            <span className={state === "failed" ? "block text-danger" : "ml-2 text-dim"}>{text}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
