"use client";
import { Button } from "../../ui/button.tsx";
import type { Question } from "./use-terminal.ts";

/** What a program in the terminal may do only when the person says so. */
export function Questions({ questions }: { questions: readonly Question[] }) {
  return (
    <div className="absolute inset-x-3 bottom-3 z-10 grid justify-items-center gap-2">
      {questions.map(({ key, text, answer }) => (
        <div
          key={key}
          role="alertdialog"
          aria-label={text}
          className="flex flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-raised px-3 py-2 text-sm shadow-float"
        >
          <span>{text}</span>
          <Button kind="primary" size="sm" onClick={() => answer(true)}>
            Allow
          </Button>
          <Button size="sm" onClick={() => answer(false)}>
            Refuse
          </Button>
        </div>
      ))}
    </div>
  );
}
