"use client";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { explain } from "../lib/api.ts";
import { createStore, useStore } from "../lib/store.ts";
import { Button, IconButton } from "./button.tsx";
import { rich } from "./states.tsx";

export interface Toast {
  /** A toast with the key of one that is shown takes its place. */
  key: string;
  tone: "info" | "ok" | "danger";
  title: ReactNode;
  detail?: string;
  action?: { label: string; run: () => void };
}

const most = 3;
const toasts = createStore<readonly Toast[]>([]);
let made = 0;

/** Tells something in the corner, for a while. */
export function toast(given: Omit<Toast, "key" | "tone"> & { key?: string; tone?: Toast["tone"] }): void {
  const next: Toast = { tone: "info", ...given, key: given.key ?? `toast-${++made}` };
  toasts.set((shown) => [...shown.filter((one) => one.key !== next.key), next].slice(-most));
}

export function toastError(error: unknown, what: string): void {
  const { title, hint } = explain(error);
  toast({ key: what, tone: "danger", title: what, detail: `${title} ${hint}`.trim() });
}

const dismiss = (key: string) => toasts.set((shown) => shown.filter((one) => one.key !== key));

/** Where they are shown: bottom right, over everything, in the order they came. */
export function Toasts() {
  const shown = useStore(toasts);
  return (
    <section
      aria-label="Notifications"
      className="pointer-events-none fixed right-3 bottom-3 z-50 grid w-[min(22rem,calc(100vw-1.5rem))] gap-2"
    >
      <div role="status" className="contents">
        {shown.map((one) => (
          <ToastCard key={one.key} toast={one} />
        ))}
      </div>
    </section>
  );
}

const icons = {
  info: <Info className="text-busy" aria-hidden />,
  ok: <CircleCheck className="text-ok" aria-hidden />,
  danger: <CircleAlert className="text-danger" aria-hidden />,
};

/** What failed stays until it is read; the rest goes by itself. */
function ToastCard({ toast: { key, tone, title, detail, action } }: { toast: Toast }) {
  useEffect(() => {
    if (tone === "danger") return;
    const timer = setTimeout(() => dismiss(key), 7000);
    return () => clearTimeout(timer);
  }, [key, tone, title]);
  return (
    <div className="pointer-events-auto flex animate-rise gap-2.5 rounded-lg border border-line-strong bg-raised py-2.5 pr-2 pl-3 shadow-float [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0">
      {icons[tone]}
      <div className="min-w-0 grow">
        <p className="text-sm font-medium break-words">{title}</p>
        {detail !== undefined && <p className="mt-0.5 text-xs break-words text-dim">{rich(detail)}</p>}
        {action && (
          <Button
            size="sm"
            className="mt-2"
            onClick={() => {
              dismiss(key);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </div>
      <IconButton label="Dismiss" size="sm" onClick={() => dismiss(key)}>
        <X />
      </IconButton>
    </div>
  );
}
