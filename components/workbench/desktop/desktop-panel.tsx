"use client";
import "./desktop.css";
import { Camera, Clipboard, ExternalLink, Keyboard, Maximize } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { DesktopState } from "../../../viewers/desktop/desktop-view.ts";
import { enterFullScreen } from "../../../viewers/desktop/full-screen.ts";
import { cx } from "../../lib/cx.ts";
import { download } from "../../lib/download.ts";
import { useNow } from "../../lib/use-now.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Steps } from "../apps/steps.tsx";
import { PanelBar, PanelSelect } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { ClipboardBox } from "./clipboard-box.tsx";
import { useDesktop } from "./use-desktop.ts";
import type { DesktopMode } from "#contract/desktop.ts";

const sizings = { fit: "Fit", resize: "Resize", actual: "Actual size" } as const;
const qualities = {
  balanced: { label: "Balanced", quality: 6, compression: 2 },
  sharp: { label: "Sharp", quality: 9, compression: 1 },
  slow: { label: "Slow line", quality: 2, compression: 9 },
} as const;

/** The cave's screen. It is only looked at until somebody takes control: an agent may be working there. */
export function DesktopPanel({ place }: PanelProps) {
  const { cave } = useWorkbench();
  const stage = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const [mode, setMode] = useState<DesktopMode>("view");
  const [sizing, setSizing] = useState<keyof typeof sizings>("fit");
  const [quality, setQuality] = useState<keyof typeof qualities>("balanced");
  const [boxed, setBoxed] = useState(false);
  const [wanted, setWanted] = useState(place.visible);
  useEffect(() => {
    if (place.visible) setWanted(true);
  }, [place.visible]);
  const { view, state, clipboard } = useDesktop(
    host,
    cave.id,
    { mode, sizing, quality: qualities[quality] },
    wanted ? place.window : undefined,
  );
  const live = state.kind === "live";
  const control = live && state.mode === "control";

  function change(next: DesktopMode): void {
    if (next === "view") {
      setBoxed(false);
      // Only who controls may change the size that all others see.
      if (sizing === "resize") setSizing("fit");
    }
    setMode(next);
    if (next === "control") view?.focus();
  }
  async function screenshot(): Promise<void> {
    const blob = await view?.screenshot();
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    download(url, `${cave.name}-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.png`);
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  return (
    <div className="flex h-full flex-col">
      <PanelBar label="Desktop" className="flex-wrap gap-y-1 py-1">
        <span className="flex items-center gap-2 text-xs text-dim" role="status">
          <span
            aria-hidden
            className={cx(
              "size-2 rounded-full",
              control
                ? "bg-accent"
                : live
                  ? "border-2 border-accent"
                  : "bg-ghost motion-safe:animate-pulse-dot",
            )}
          />
          {control ? "You have control" : live ? "You are watching" : "Not connected"}
        </span>
        {mode === "view" ? (
          <Button size="sm" kind="primary" disabled={!live} onClick={() => change("control")}>
            Take control
          </Button>
        ) : (
          <Button size="sm" onClick={() => change("view")}>
            Hand back
          </Button>
        )}
        <span className="ml-auto flex flex-wrap items-center gap-1">
          <PanelSelect
            aria-label="Size"
            value={sizing}
            onChange={(event) => setSizing(event.target.value as keyof typeof sizings)}
          >
            {Object.entries(sizings).map(([name, label]) => (
              <option key={name} value={name} disabled={name === "resize" && !control}>
                {label}
              </option>
            ))}
          </PanelSelect>
          <PanelSelect
            aria-label="Quality"
            value={quality}
            onChange={(event) => setQuality(event.target.value as keyof typeof qualities)}
          >
            {Object.entries(qualities).map(([name, { label }]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </PanelSelect>
          <IconButton
            label="Clipboard"
            size="sm"
            disabled={!control}
            aria-pressed={boxed}
            className="aria-pressed:bg-active"
            onClick={() => setBoxed(!boxed)}
          >
            <Clipboard />
          </IconButton>
          <IconButton
            label="Send Ctrl Alt Del"
            size="sm"
            disabled={!control}
            onClick={() => view?.ctrlAltDel()}
          >
            <Keyboard />
          </IconButton>
          <IconButton label="Screenshot" size="sm" disabled={!live} onClick={() => void screenshot()}>
            <Camera />
          </IconButton>
          <IconButton
            label="Full screen"
            size="sm"
            disabled={!live}
            onClick={() => stage.current && void enterFullScreen(stage.current, () => view?.focus())}
          >
            <Maximize />
          </IconButton>
          <IconButton
            label="Open in a tab"
            size="sm"
            onClick={() => window.open(`/open/desktop/${cave.id}`, "_blank", "noopener")}
          >
            <ExternalLink />
          </IconButton>
        </span>
      </PanelBar>
      <div ref={stage} className="relative min-h-0 grow overflow-hidden bg-canvas" data-keys="own">
        <div ref={host} className="absolute inset-0" data-desktop={state.kind} />
        {!live && (
          <div className="absolute inset-0 grid place-items-center overflow-auto bg-canvas">
            <Waiting state={state} onRetry={() => view?.reconnect()} />
          </div>
        )}
        {boxed && clipboard.sync && (
          <ClipboardBox sync={clipboard.sync} state={clipboard.state} onClose={() => setBoxed(false)} />
        )}
      </div>
    </div>
  );
}

function Waiting({ state, onRetry }: { state: DesktopState; onRetry: () => void }) {
  switch (state.kind) {
    case "live":
      return null;
    case "opening":
      return (
        <Steps
          label="Opening the desktop"
          steps={["Ask the gateway", "Start the desktop in the cave", "Wait for the picture"]}
          at={["gateway", "desktop", "picture"].indexOf(state.step)}
        />
      );
    case "waiting":
      return (
        <EmptyState title={state.cause} actions={<Button onClick={onRetry}>Try now</Button>}>
          <TryAgain inMs={state.againInMs} />
        </EmptyState>
      );
    case "ended":
      return (
        <EmptyState title="The desktop is not there" actions={<Button onClick={onRetry}>Try again</Button>}>
          <span role="alert">{state.cause}</span>
        </EmptyState>
      );
  }
}

function TryAgain({ inMs }: { inMs: number }) {
  const [at] = useState(() => Date.now() + inMs);
  const seconds = Math.ceil((at - useNow()) / 1000);
  return <>{seconds > 0 ? `It is tried again in ${seconds} s.` : "It is tried again now."}</>;
}
