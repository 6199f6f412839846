"use client";
import { AppWindow, ExternalLink, Monitor, RotateCw, Smartphone, Tablet } from "lucide-react";
import { useEffect, useState } from "react";
import { chosenPorts } from "../../caves/chosen-ports.ts";
import { cx } from "../../lib/cx.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { AppFrame } from "../apps/app-frame.tsx";
import { useAppFrame } from "../apps/use-app-frame.ts";
import { PanelBar, PanelSelect } from "../panel-bar.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { parseAddress } from "./parse-address.ts";

const devices = {
  full: { label: "Full width", icon: Monitor, width: undefined },
  tablet: { label: "Tablet, 820 px", icon: Tablet, width: 820 },
  phone: { label: "Phone, 390 px", icon: Smartphone, width: 390 },
} as const;
type Device = keyof typeof devices;
/** What the app gets is as wide as the device. */
const border = 1;

/** What an app in the cave shows on one of its ports. */
export function PreviewPanel({ place }: PanelProps) {
  const { cave, open } = useWorkbench();
  const { port, path = "/" } = place.params;
  const [device, setDevice] = useState<Device>("full");
  const [wanted, setWanted] = useState(place.visible);
  useEffect(() => {
    if (place.visible) setWanted(true);
  }, [place.visible]);
  const listening = cave.ports.some((one) => one.port === port);
  const frame = useAppFrame(cave.id, port === undefined || !wanted ? undefined : { port }, {
    path,
    window: place.window,
  });
  const { reopen } = frame;

  useEffect(() => place.setTitle(port === undefined ? "Preview" : `Preview :${port}`), [place, port]);
  // An app that was started again is loaded again; one that never ran has no page to keep.
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    if (port === undefined) return;
    if (!listening) setWaited(true);
    else if (waited) {
      setWaited(false);
      reopen();
    }
  }, [listening, port, waited, reopen]);

  const go = (next: number, where = "/") => {
    if (next === port && where === path) reopen();
    else place.setParams({ ...place.params, port: next, path: where });
  };
  const { width } = devices[device];
  return (
    <div className="@container flex h-full flex-col">
      <PanelBar label="Preview">
        <IconButton label="Reload the preview" size="sm" disabled={port === undefined} onClick={reopen}>
          <RotateCw />
        </IconButton>
        <AddressBar key={`${port} ${path}`} port={port} path={path} onGo={go} />
        <PortChoice port={port} onGo={go} />
        <span role="group" aria-label="Width" className="flex @max-lg:hidden">
          {Object.entries(devices).map(([name, { label, icon: Icon }]) => (
            <IconButton
              key={name}
              label={label}
              size="sm"
              aria-pressed={device === name}
              className="aria-pressed:bg-active aria-pressed:text-ink"
              onClick={() => setDevice(name as Device)}
            >
              <Icon />
            </IconButton>
          ))}
        </span>
        <IconButton
          label="Open in a tab"
          size="sm"
          disabled={port === undefined}
          onClick={() =>
            window.open(
              `/open/${port ?? 0}/${cave.id}?path=${encodeURIComponent(path)}`,
              "_blank",
              "noopener",
            )
          }
        >
          <ExternalLink />
        </IconButton>
      </PanelBar>
      <div className={cx("relative min-h-0 grow overflow-auto bg-canvas", width !== undefined && "py-3")}>
        {port === undefined ? (
          <NoPort onGo={go} onTerminal={() => open("terminal")} />
        ) : frame.error !== undefined ? (
          <ErrorState error={frame.error} onRetry={reopen} />
        ) : !listening ? (
          <EmptyState icon={<AppWindow aria-hidden />} title={`Nothing listens on port ${port}`}>
            The preview appears by itself when an app does.
          </EmptyState>
        ) : (
          frame.url !== undefined && (
            <div
              className={cx(
                "h-full bg-[white]",
                width !== undefined &&
                  "mx-auto overflow-hidden rounded-lg border border-line-strong shadow-float",
              )}
              style={{ width: width === undefined ? "100%" : width + 2 * border }}
            >
              <AppFrame key={frame.key} title={`Preview of port ${port} of ${cave.name}`} url={frame.url} />
            </div>
          )
        )}
      </div>
    </div>
  );
}

interface Going {
  onGo: (port: number, path?: string) => void;
}

function AddressBar({ port, path, onGo }: Going & { port: number | undefined; path: string }) {
  const [text, setText] = useState(port === undefined ? "" : `localhost:${port}${path}`);
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className="min-w-0 grow"
      onSubmit={(event) => {
        event.preventDefault();
        const found = parseAddress(text, port);
        setWrong(found === undefined);
        if (found) onGo(found.port, found.path);
      }}
    >
      <input
        aria-label="Address"
        aria-invalid={wrong || undefined}
        title={wrong ? "A port, and a path on it: localhost:3000/path" : undefined}
        autoComplete="off"
        spellCheck={false}
        inputMode="url"
        placeholder="localhost:3000"
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        className="figures h-7 w-full min-w-0 rounded-md border border-line-strong bg-canvas px-2.5 text-ink placeholder:text-faint focus:border-accent focus:outline-1 focus:outline-offset-0 focus:outline-accent aria-invalid:border-danger pointer-coarse:h-11"
      />
    </form>
  );
}

function PortChoice({ port, onGo }: Going & { port: number | undefined }) {
  const { cave } = useWorkbench();
  const ports = chosenPorts(cave.ports);
  if (ports.length === 0) return null;
  const known = ports.some((one) => one.port === port);
  return (
    <PanelSelect
      aria-label="Port"
      value={port ?? ""}
      onChange={(event) => onGo(Number(event.target.value))}
      className="figures max-w-20 @lg:max-w-40"
    >
      {!known && <option value={port ?? ""}>{port === undefined ? "Port" : `${port} · nothing`}</option>}
      {ports.map((one) => (
        <option key={one.port} value={one.port}>
          {one.port}
          {one.process === undefined ? "" : ` · ${one.process}`}
        </option>
      ))}
    </PanelSelect>
  );
}

function NoPort({ onGo, onTerminal }: Going & { onTerminal: () => void }) {
  const { cave } = useWorkbench();
  const ports = chosenPorts(cave.ports);
  if (ports.length === 0)
    return (
      <EmptyState
        icon={<AppWindow aria-hidden />}
        title="No app is listening yet"
        actions={<Button onClick={onTerminal}>Open a terminal</Button>}
      >
        Start one in the cave, and it is offered here.{" "}
        <code className="text-xs whitespace-nowrap">python3 -m http.server 3000</code> will do.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<AppWindow aria-hidden />}
      title="Which app?"
      actions={ports.map(({ port, process }) => (
        <Button key={port} onClick={() => onGo(port)}>
          <span className="figures">:{port}</span> {process}
        </Button>
      ))}
    >
      These listen in the cave.
    </EmptyState>
  );
}
