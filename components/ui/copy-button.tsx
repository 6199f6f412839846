"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";
import { copy } from "./copy.ts";

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1600);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <IconButton label={done ? "Copied" : label} onClick={() => void copy(text).then(setDone)}>
      {done ? <Check className="text-ok" /> : <Copy />}
    </IconButton>
  );
}
