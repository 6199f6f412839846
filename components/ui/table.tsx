import type { ComponentProps, ReactNode } from "react";
import { cx } from "../lib/cx.ts";
import { Button } from "./button.tsx";

/** A table of a page. Long lists are virtualised instead (components/caves/cave-list.tsx). */
export function Table({ label, head, children }: { label: string; head: ReactNode; children: ReactNode }) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead className="text-xs text-faint">
          <tr className="border-b border-line">{head}</tr>
        </thead>
        <tbody className="[&>tr:not(:last-child)]:border-b [&>tr]:border-line">{children}</tbody>
      </table>
    </div>
  );
}

export const Th = ({ className, ...rest }: ComponentProps<"th">) => (
  <th scope="col" className={cx("h-9 px-4 font-medium whitespace-nowrap", className)} {...rest} />
);

export const Td = ({ className, ...rest }: ComponentProps<"td">) => (
  <td className={cx("h-10 px-4", className)} {...rest} />
);

export const ThActions = () => (
  <Th>
    <span className="sr-only">Actions</span>
  </Th>
);

/** What can be done with what a row is about. */
export const RowButton = ({ does, to, onClick }: { does: string; to: string; onClick: () => void }) => (
  <Button size="sm" kind="quiet" aria-label={`${does} ${to}`} onClick={onClick}>
    {does}
  </Button>
);
