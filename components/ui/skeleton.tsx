import { cx } from "../lib/cx.ts";

/** Stands where something will, in its shape; not before 150 ms. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div className={cx("animate-late rounded-sm bg-raised", className)} />
);

/** Rows of a list that is on its way. */
export function SkeletonRows({ rows = 4, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-3 py-3">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex items-center gap-4">
          <Skeleton className="size-3" />
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-3.5 w-24" />
          <Skeleton className="h-3.5 grow" />
        </div>
      ))}
    </div>
  );
}
