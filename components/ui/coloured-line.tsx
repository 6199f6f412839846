"use client";
import { Fragment, useMemo } from "react";
import { piecesOf, type Style } from "../lib/ansi.ts";
import { cx } from "../lib/cx.ts";

interface Props {
  text: string;
  /** What the line before left. */
  style?: Style;
  /** Marked wherever it is found. */
  mark?: string;
}

/** A line of output in its programs' colours. */
export function ColouredLine({ text, style: before, mark = "" }: Props) {
  const pieces = useMemo(() => piecesOf(text, before), [text, before]);
  return pieces.map(({ text, style }, index) => (
    <span
      key={index}
      className={cx(style?.bold && "font-semibold", style?.dim && "opacity-70")}
      style={{ color: style?.color, background: style?.background }}
    >
      {mark === "" ? text : <Marked text={text} mark={mark} />}
    </span>
  ));
}

function Marked({ text, mark }: { text: string; mark: string }) {
  const low = text.toLowerCase();
  const parts: [string, boolean][] = [];
  let at = 0;
  for (let next = low.indexOf(mark); next >= 0; next = low.indexOf(mark, at)) {
    parts.push([text.slice(at, next), false], [text.slice(next, next + mark.length), true]);
    at = next + mark.length;
  }
  parts.push([text.slice(at), false]);
  return parts.map(([part, marked], index) =>
    marked ? (
      <mark key={index} className="rounded-[2px] bg-warn/35 text-ink">
        {part}
      </mark>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
