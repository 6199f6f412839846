"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";

/** One parameter of the address, and how to change it; the empty text takes it out. Changing it makes no entry in the history. */
export function useParam(name: string): [value: string | null, set: (value: string | null) => void] {
  const value = useSearchParams().get(name);
  const set = useCallback((next: string | null) => setParams({ [name]: next }), [name]);
  return [value, set];
}

/**
 * The same for a field somebody types in: the text is the field's own, because the address follows a moment later, and a field that waits for
 * it loses letters. What comes from elsewhere (a link, the way back) is taken over.
 */
export function useTypedParam(name: string): [text: string, set: (text: string) => void] {
  const [value, setValue] = useParam(name);
  const [text, setText] = useState(value ?? "");
  const written = useRef(value ?? "");
  useEffect(() => {
    if ((value ?? "") === written.current) return;
    // Older words of our own may still be on their way; the last of them is in the address already.
    const now = new URL(location.href).searchParams.get(name) ?? "";
    if (now === written.current) return;
    written.current = now;
    setText(now);
  }, [name, value]);
  const set = useCallback(
    (next: string) => {
      written.current = next;
      setText(next);
      setValue(next === "" ? null : next);
    },
    [setValue],
  );
  return [text, set];
}

export function setParams(changes: Record<string, string | null>, how: "replace" | "push" = "replace"): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  // Colons and commas are what filters are made of, and mean nothing in a query.
  const search = url.search.replaceAll("%3A", ":").replaceAll("%2C", ",");
  const target = url.pathname + search + url.hash;
  if (how === "push") history.pushState(null, "", target);
  else history.replaceState(null, "", target);
}
