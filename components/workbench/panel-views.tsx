"use client";
import { Component, lazy, Suspense, type ComponentType, type ReactNode } from "react";
import { Spinner } from "../ui/spinner.tsx";
import { ErrorState } from "../ui/states.tsx";
import { LackingPanel } from "./lacking.tsx";
import { hasPanel, type PanelKind } from "./panels.ts";
import { useWorkbench, type PanelPlace, type PanelProps } from "./workbench-context.ts";

type Loader = () => Promise<ComponentType<PanelProps>>;
const later = (load: Loader) => lazy(async () => ({ default: await load() }));

/** Each is loaded when it is first opened: most visits need a few of them. */
const views: Record<PanelKind, ComponentType<PanelProps>> = {
  terminal: later(async () => (await import("./terminal/terminal-panel.tsx")).TerminalPanel),
  preview: later(async () => (await import("./preview/preview-panel.tsx")).PreviewPanel),
  files: later(async () => (await import("./files/files-panel.tsx")).FilesPanel),
  editor: later(async () => (await import("./editor/editor-panel.tsx")).EditorPanel),
  code: later(async () => (await import("./apps/app-panels.tsx")).CodePanel),
  jupyter: later(async () => (await import("./apps/app-panels.tsx")).JupyterPanel),
  desktop: later(async () => (await import("./desktop/desktop-panel.tsx")).DesktopPanel),
  ports: later(async () => (await import("./ports/ports-panel.tsx")).PortsPanel),
  logs: later(async () => (await import("./logs/logs-panel.tsx")).LogsPanel),
  metrics: later(async () => (await import("./metrics/metrics-panel.tsx")).MetricsPanel),
  processes: later(async () => (await import("./processes/processes-panel.tsx")).ProcessesPanel),
  activity: later(async () => (await import("./activity/activity-panel.tsx")).ActivityPanel),
};

export function PanelView({ kind, place }: { kind: PanelKind; place: PanelPlace }) {
  const { cave } = useWorkbench();
  if (!hasPanel(cave, kind)) return <LackingPanel cave={cave} kind={kind} />;
  const View = views[kind];
  return (
    <Boundary>
      <Suspense
        fallback={
          <div
            role="status"
            aria-label="Loading"
            className="grid h-full animate-late place-items-center text-faint"
          >
            <Spinner />
          </div>
        }
      >
        <View place={place} />
      </Suspense>
    </Boundary>
  );
}

/** A panel that fails takes nothing else with it. */
class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <ErrorState error={error} onRetry={() => this.setState({ error: undefined })} />;
  }
}
