"use client";
import { useEffect } from "react";
import { setParams } from "../lib/use-param.ts";
import { isPanelKind } from "./panels.ts";
import type { Workbench } from "./workbench-context.ts";

/** A link may name what to show first, once: `?open=preview:3000`, `?open=desktop`. */
export function useAskedPanel(workbench: Workbench | undefined): void {
  useEffect(() => {
    const asked = new URL(location.href).searchParams.get("open");
    if (workbench === undefined || asked === null) return;
    setParams({ open: null });
    const [, kind, port] = /^([a-z]+)(?::(\d{1,5}))?$/.exec(asked) ?? [];
    if (kind === "preview" && port !== undefined) workbench.preview(Number(port));
    else if (isPanelKind(kind) && kind !== "editor") workbench.open(kind);
  }, [workbench]);
}
