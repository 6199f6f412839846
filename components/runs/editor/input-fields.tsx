"use client";
import { Upload, X } from "lucide-react";
import { useId, useRef } from "react";
import { bytes } from "../../lib/units.ts";
import { IconButton } from "../../ui/button.tsx";
import { fieldStyle } from "../../ui/input.tsx";
import { toastError } from "../../ui/toast.tsx";
import { splitArgs } from "../program/args.ts";
import { bytesOf, sizeOf, type Program } from "../program/program.ts";
import { edit } from "../program/workspace.ts";
import { takeFile } from "./take-file.ts";
import { runBounds } from "#contract/run-bounds.ts";

/** What the program reads, and the words it is called with. */
export function InputFields({ program }: { program: Program }) {
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const { stdin, args } = program;
  const problem = problemOf(args);
  return (
    <div className="grid shrink-0 grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)] gap-2 border-t border-line bg-canvas p-2">
      <div className="grid grid-rows-[1.5rem_4.5rem]">
        <div className="flex items-center justify-between">
          <label htmlFor={`${id}-stdin`} className="text-xs font-medium text-dim">
            Input <span className="font-normal text-faint">(stdin)</span>
          </label>
          <IconButton label="Input from a file" size="sm" onClick={() => picker.current?.click()}>
            <Upload />
          </IconButton>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label="File for the input"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              event.target.value = "";
              if (!file) return;
              takeFile(file, sizeOf({ ...program, stdin: "" })).then(
                (taken) => edit({ stdin: taken }),
                (error: unknown) => toastError(error, "The input was not taken"),
              );
            }}
          />
        </div>
        {typeof stdin === "string" ? (
          <textarea
            id={`${id}-stdin`}
            autoComplete="off"
            spellCheck={false}
            value={stdin}
            placeholder="What the program reads"
            onChange={(event) => edit({ stdin: event.target.value })}
            className={`${fieldStyle} h-full resize-none py-1 font-mono text-xs!`}
          />
        ) : (
          <div className="flex items-center justify-between rounded-md border border-line-strong px-2.5 text-sm text-dim">
            {bytes(bytesOf(stdin))} that are not text
            <IconButton label="Remove the input" size="sm" onClick={() => edit({ stdin: "" })}>
              <X />
            </IconButton>
          </div>
        )}
      </div>
      <div className="grid grid-rows-[1.5rem_auto_1fr]">
        <label htmlFor={`${id}-args`} className="flex items-center text-xs font-medium text-dim">
          Arguments
        </label>
        <input
          id={`${id}-args`}
          autoComplete="off"
          spellCheck={false}
          value={args}
          placeholder="--verbose 'two words'"
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={`${id}-args-note`}
          onChange={(event) => edit({ args: event.target.value })}
          className={`${fieldStyle} h-7 font-mono text-xs!`}
        />
        <p
          id={`${id}-args-note`}
          className={
            problem === undefined ? "truncate pt-1 text-[11px] text-faint" : "pt-1 text-[11px] text-danger"
          }
        >
          {problem ?? (args.trim() === "" ? "Words as in a shell; nothing is expanded." : wordsOf(args))}
        </p>
      </div>
    </div>
  );
}

function problemOf(args: string): string | undefined {
  try {
    const words = splitArgs(args);
    return words.length > runBounds.args || words.some((word) => word.length > runBounds.word)
      ? `At most ${runBounds.args} words of ${runBounds.word} letters.`
      : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const wordsOf = (args: string) => {
  const { length } = splitArgs(args);
  return length === 1 ? "1 word" : `${length} words`;
};
