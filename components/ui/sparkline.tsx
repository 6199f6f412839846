import { cx } from "../lib/cx.ts";

interface SparklineProps {
  /** From 0 to 1, oldest first. */
  values: readonly number[];
  /** Points that fit; fewer stand at the right. */
  room?: number;
  className?: string;
  width?: number;
  height?: number;
}

/** The last figures as an area. Decoration: the number stands beside it. */
export function Sparkline({ values, room = 30, className, width = 60, height = 18 }: SparklineProps) {
  const step = width / (room - 1);
  const shown = values.slice(-room);
  const points = shown.map((value, index) => {
    const x = width - (shown.length - 1 - index) * step;
    const y = height - 1 - Math.min(1, Math.max(0, value)) * (height - 3);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const first = width - (shown.length - 1) * step;
  return (
    <svg
      aria-hidden
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={cx("shrink-0 overflow-visible", className)}
    >
      <path d={`M0 ${height - 0.5}H${width}`} className="stroke-line-strong" strokeWidth="1" />
      {points.length > 1 && (
        <>
          <path
            d={`M${first},${height - 1}L${points.join("L")}L${width},${height - 1}Z`}
            className="fill-current opacity-15"
          />
          <path
            d={`M${points.join("L")}`}
            fill="none"
            className="stroke-current"
            strokeWidth="1.25"
            strokeLinejoin="round"
          />
        </>
      )}
    </svg>
  );
}
