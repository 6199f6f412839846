"use client";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect, useState } from "react";
import { explain } from "../lib/api.ts";
import { useStore } from "../lib/store.ts";
import { Button, IconButton } from "./button.tsx";
import { hideNotice, notices, withNotice, type Notice, type Told } from "./notices.ts";
import { rich } from "./states.tsx";

/** Tells something in the corner, for a while; the inbox at the top keeps it. */
export const toast = (told: Told): void => notices.set((now) => withNotice(now, told, Date.now()));

export function toastError(error: unknown, what: string): void {
  const { title, hint } = explain(error);
  toast({ tone: "danger", title: what, detail: `${title} ${hint}`.trim() });
}

/** Where they are shown: bottom right, over everything, in the order they came. */
export function Toasts() {
  const { kept, shown } = useStore(notices);
  return (
    <section
      aria-label="Latest notifications"
      className="pointer-events-none fixed right-3 bottom-3 z-50 grid w-[min(22rem,calc(100vw-1.5rem))] gap-2 max-sm:bottom-17"
    >
      <div role="status" className="contents">
        {kept
          .filter(({ id }) => shown.includes(id))
          .map((one) => (
            <ToastCard key={one.id} notice={one} />
          ))}
      </div>
    </section>
  );
}

export const noticeIcons = {
  info: <Info className="text-busy" aria-hidden />,
  ok: <CircleCheck className="text-ok" aria-hidden />,
  danger: <CircleAlert className="text-danger" aria-label="Failed" />,
};

const shownMs = 7000;

/** What failed stays until it is dismissed; the rest goes by itself, but not while somebody is at it. */
function ToastCard({ notice }: { notice: Notice }) {
  const { id, tone, at, action } = notice;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (tone === "danger" || held) return;
    const timer = setTimeout(() => hideNotice(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, tone, at, held]);
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex animate-rise gap-2.5 rounded-lg border border-line-strong bg-raised py-2.5 pr-2 pl-3 shadow-float [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0"
    >
      {noticeIcons[tone]}
      <div className="min-w-0 grow">
        <NoticeText notice={notice} />
        {action && (
          <Button
            size="sm"
            className="mt-2"
            onClick={() => {
              hideNotice(id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </div>
      <IconButton label="Dismiss" size="sm" onClick={() => hideNotice(id)}>
        <X />
      </IconButton>
    </div>
  );
}

export function NoticeText({ notice: { title, detail, times } }: { notice: Notice }) {
  return (
    <>
      <p className="text-sm font-medium break-words">
        {title}
        {times > 1 && (
          <span className="figures ml-2 font-normal text-faint">
            <span aria-hidden>×{times}</span>
            <span className="sr-only">, {times} times</span>
          </span>
        )}
      </p>
      {detail !== undefined && <p className="mt-0.5 text-xs break-words text-dim">{rich(detail)}</p>}
    </>
  );
}
