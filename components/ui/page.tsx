import type { ReactNode } from "react";
import { cx } from "../lib/cx.ts";

interface PageProps {
  title: string;
  /** One sentence on what it is for. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** For lists; forms and reading are narrower. */
  wide?: boolean;
  children: ReactNode;
}

/** A page that scrolls: title, what can be done, and the rest. */
export function Page({ title, lead, actions, wide = false, children }: PageProps) {
  return (
    <div className="h-full overflow-y-auto">
      <div className={cx("mx-auto px-4 pt-6 pb-16 sm:px-8", wide ? "max-w-[90rem]" : "max-w-4xl")}>
        <header className="mb-6 flex flex-wrap items-start justify-between gap-3">
          <div>
            <h1 className="text-xl font-semibold tracking-[-0.015em]">{title}</h1>
            {lead !== undefined && <p className="mt-1 max-w-xl text-sm text-dim">{lead}</p>}
          </div>
          {actions !== undefined && <div className="flex gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

interface SectionProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Section({ title, lead, actions, children }: SectionProps) {
  return (
    <section aria-label={title} className="mb-8">
      <header className="mb-2.5 flex items-end justify-between gap-3">
        <div>
          <h2 className="text-base font-semibold">{title}</h2>
          {lead !== undefined && <p className="mt-0.5 text-sm text-dim">{lead}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}

export const Card = ({ className, children }: { className?: string; children: ReactNode }) => (
  <div className={cx("rounded-lg border border-line bg-surface", className)}>{children}</div>
);

/** A name and its value, in a `dl`. */
export const Fact = ({ name, value }: { name: string; value: string | undefined }) => (
  <div className="min-w-0">
    <dt className="text-xs text-faint first-letter:uppercase">{name}</dt>
    <dd className="mt-0.5 font-mono text-xs [overflow-wrap:anywhere]">{value ?? "…"}</dd>
  </div>
);
