"use client";
import { useMemo } from "react";
import { markedPieces, piecesOf, type Style } from "../lib/ansi.ts";
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
  const pieces = useMemo(() => markedPieces(piecesOf(text, before), mark), [text, before, mark]);
  return pieces.map(({ text, style, marked }, index) => {
    const Tag = marked ? "mark" : "span";
    return (
      <Tag
        key={index}
        className={cx(
          style?.bold && "font-semibold",
          style?.dim && "opacity-70",
          marked && "rounded-[2px] bg-warn/35 text-ink",
        )}
        style={{ color: style?.color, background: marked ? undefined : style?.background }}
      >
        {text}
      </Tag>
    );
  });
}
