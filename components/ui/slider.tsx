"use client";
import * as Radix from "@radix-ui/react-slider";

interface SliderProps {
  "aria-label": string;
  /** How the value is read out, e.g. "2 GB". */
  text: string;
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  step?: number;
}

export function Slider({ text, value, onChange, "aria-label": label, ...range }: SliderProps) {
  return (
    <Radix.Root
      {...range}
      value={[value]}
      onValueChange={([next = value]) => onChange(next)}
      className="relative flex h-6 w-full touch-none items-center select-none pointer-coarse:h-11"
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line-strong">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={text}
        className="block size-4 rounded-full border-2 border-accent bg-canvas shadow-sm"
      />
    </Radix.Root>
  );
}
