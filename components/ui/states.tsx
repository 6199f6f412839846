"use client";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { explain } from "../lib/api.ts";
import { Button } from "./button.tsx";
import { SkeletonRows } from "./skeleton.tsx";

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  /** Of its heading: 1 where it is all there is on the page. */
  level?: 1 | 2;
  children?: ReactNode;
  actions?: ReactNode;
}

/** A list with nothing in it says what would be there, and how it gets there. */
export function EmptyState({ icon, title, level = 2, children, actions }: EmptyProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="mx-auto grid max-w-md justify-items-center gap-2 px-6 py-16 text-center">
      {icon !== undefined && (
        <div className="mb-1 text-faint [&_svg]:size-7 [&_svg]:stroke-[1.4]">{icon}</div>
      )}
      <Heading className="text-lg font-semibold tracking-[-0.01em]">{title}</Heading>
      {children !== undefined && <div className="text-sm text-dim">{children}</div>}
      {actions !== undefined && <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** What happened, why if it is known, and what to do. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className="mx-auto grid max-w-lg justify-items-center gap-3 px-6 py-12">
      <ErrorNote error={error} />
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  /** What is loading, to who does not see it. */
  label: string;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** What was asked for, once it is there. */
export function Loaded<T>({ query, label, rows = 3, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <SkeletonRows rows={rows} label={label} />;
}

/** The same, in place: under a form, in a row. */
export function ErrorNote({ error }: { error: unknown }) {
  const { title, hint, requestId } = explain(error);
  return (
    <div
      role="alert"
      className="flex gap-2.5 rounded-md border border-danger/35 bg-danger/8 px-3 py-2.5 text-sm"
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0">
        <p className="font-medium break-words">{title}</p>
        {hint !== "" && <p className="mt-0.5 text-dim">{rich(hint)}</p>}
        {requestId !== undefined && <p className="mt-1 text-xs text-faint">Request {requestId}</p>}
      </div>
    </div>
  );
}

/** Commands in a message are in backticks. */
export function rich(text: string): ReactNode {
  return text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      <code key={index} className="rounded-sm bg-active px-1 py-px text-xs text-ink">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
