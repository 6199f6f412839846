"use client";
import { CircleAlert, ExternalLink, RotateCw } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { useNow } from "../../lib/use-now.ts";
import { IconButton, Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { PanelBar } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { AppFrame } from "./app-frame.tsx";
import { Steps } from "./steps.tsx";
import { useAppFrame } from "./use-app-frame.ts";

export const CodePanel = ({ place }: PanelProps) => <AppPanel place={place} surface="code" name="VS Code" />;
export const JupyterPanel = ({ place }: PanelProps) => (
  <AppPanel place={place} surface="jupyter" name="Jupyter" />
);

interface Props extends PanelProps {
  surface: "code" | "jupyter";
  name: string;
}

/** An app that Ghost put into the image. It starts when its panel is first seen, and says how far it is until it can be used. */
function AppPanel({ place, surface, name }: Props) {
  const { cave, open } = useWorkbench();
  const [wanted, setWanted] = useState(place.visible);
  useEffect(() => {
    if (place.visible) setWanted(true);
  }, [place.visible]);
  const service = cave.services[surface];
  const frame = useAppFrame(cave.id, wanted && service !== undefined ? surface : undefined, {
    path: place.params.path,
    window: place.window,
  });
  const [loaded, setLoaded] = useState(0);
  const ready = service?.state === "ready";
  // What loads before the service is ready is a page of the gateway's own that waits.
  const showing = ready && loaded === frame.key;

  const { reopen } = frame;

  if (service === undefined)
    return (
      <EmptyState title={`This cave has no ${name}`}>
        Its image, {cave.image}, does not bring it. Caves of ghost/cave:full have everything.
      </EmptyState>
    );
  const failed = service.state === "failed";
  return (
    <div className="flex h-full flex-col">
      <PanelBar label={name}>
        <ServiceWord state={service.state} />
        <span className="ml-auto flex">
          <IconButton label={`Reload ${name}`} size="sm" onClick={reopen}>
            <RotateCw />
          </IconButton>
          <IconButton
            label="Open in a tab"
            size="sm"
            onClick={() => window.open(`/open/${surface}/${cave.id}`, "_blank", "noopener")}
          >
            <ExternalLink />
          </IconButton>
        </span>
      </PanelBar>
      <div className="relative min-h-0 grow bg-canvas">
        {frame.url !== undefined && !failed && (
          <AppFrame
            key={frame.key}
            title={`${name} of ${cave.name}`}
            url={frame.url}
            clipboard
            onLoad={() => setLoaded(frame.key)}
            className={showing ? "size-full" : "invisible size-full"}
          />
        )}
        {!showing && (
          <div className="absolute inset-0 grid place-items-center overflow-auto">
            {frame.error !== undefined ? (
              <ErrorState error={frame.error} onRetry={reopen} />
            ) : failed ? (
              <Failed
                name={name}
                reason={service.reason}
                actions={
                  <>
                    <Button onClick={reopen}>Try again</Button>
                    <Button kind="quiet" onClick={() => open("logs", { service: surface })}>
                      Show its log
                    </Button>
                  </>
                }
              />
            ) : (
              <Starting
                name={name}
                state={service.state}
                since={service.since}
                opened={frame.url !== undefined}
              />
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function Starting({
  name,
  state,
  since,
  opened,
}: {
  name: string;
  state: string;
  since: string;
  opened: boolean;
}) {
  const now = useNow();
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  const at = !opened ? 0 : state === "ready" ? 2 : 1;
  return (
    <div className="grid justify-items-center gap-4 p-6">
      <Spinner className="size-5 text-accent" />
      <Steps
        label={`Starting ${name}`}
        steps={["Ask the gateway", `Start ${name} in the cave`, "Load the page"]}
        at={at}
      />
      <p className="figures h-4 text-faint">{state === "starting" && now > 0 ? `${seconds} s` : ""}</p>
    </div>
  );
}

function Failed({ name, reason, actions }: { name: string; reason: string | undefined; actions: ReactNode }) {
  return (
    <EmptyState
      icon={<CircleAlert className="text-danger" aria-hidden />}
      title={`${name} did not start`}
      actions={actions}
    >
      <span role="alert">{reason ?? "It ended without saying why. Its log may."}</span>
    </EmptyState>
  );
}

const words = { stopped: "Not started", starting: "Starting", ready: "Running", failed: "Failed" } as const;
const tones = {
  stopped: "bg-ghost",
  starting: "bg-busy motion-safe:animate-pulse-dot",
  ready: "bg-ok",
  failed: "rounded-[1px]! bg-danger",
} as const;

export function ServiceWord({ state }: { state: keyof typeof words }) {
  return (
    <span className="flex items-center gap-2 text-xs text-dim">
      <span aria-hidden className={`size-2 rounded-full ${tones[state]}`} />
      {words[state]}
    </span>
  );
}
