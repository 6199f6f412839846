import {
  Activity,
  AppWindow,
  ChartLine,
  CodeXml,
  Cpu,
  FileText,
  FolderTree,
  Monitor,
  NotebookText,
  Plug,
  ScrollText,
  SquareTerminal,
  type LucideIcon,
} from "lucide-react";
import type { Cave, Lack } from "#contract/cave.ts";
import type { Scope } from "#contract/scopes.ts";

export type PanelKind =
  | "terminal"
  | "code"
  | "preview"
  | "desktop"
  | "files"
  | "editor"
  | "jupyter"
  | "ports"
  | "logs"
  | "metrics"
  | "processes"
  | "activity";

/** What a panel is opened with and keeps across reloads: small, and JSON. */
export interface PanelParams {
  readonly terminalId?: string;
  readonly port?: number;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly service?: string;
}

export interface PanelSpec {
  readonly kind: PanelKind;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly scope: Scope;
  /** The cave's service it needs; images without it do not have the panel. */
  readonly service?: "code" | "desktop" | "jupyter";
  /** What the cave's image must not be without. */
  readonly needs?: Lack;
  /** Any number of them may be open. */
  readonly many?: true;
  /** It loses what it shows when it leaves the page, so it is hidden instead. */
  readonly keep?: true;
  /** Found by these words too, in the palette. */
  readonly words?: string;
}

/** In the order in which menus list them. */
export const panelSpecs: readonly PanelSpec[] = [
  {
    ...{ kind: "terminal", title: "Terminal", icon: SquareTerminal, scope: "caves:exec" },
    ...{ needs: "daemon", many: true, keep: true, words: "shell console bash" },
  },
  {
    ...{ kind: "files", title: "Files", icon: FolderTree, scope: "caves:files" },
    ...{ needs: "shell", words: "explorer upload" },
  },
  {
    ...{ kind: "preview", title: "Preview", icon: AppWindow, scope: "caves:ports" },
    ...{ many: true, keep: true, words: "browser port web" },
  },
  {
    ...{ kind: "code", title: "VS Code", icon: CodeXml, scope: "caves:exec" },
    ...{ service: "code", keep: true, words: "editor ide" },
  },
  {
    ...{ kind: "desktop", title: "Desktop", icon: Monitor, scope: "caves:exec" },
    ...{ service: "desktop", keep: true, words: "vnc screen" },
  },
  {
    ...{ kind: "jupyter", title: "Jupyter", icon: NotebookText, scope: "caves:exec" },
    ...{ service: "jupyter", keep: true, words: "notebook python" },
  },
  { kind: "ports", title: "Ports", icon: Plug, scope: "caves:ports", words: "share link public" },
  { kind: "logs", title: "Logs", icon: ScrollText, scope: "caves:read", words: "output" },
  {
    kind: "metrics",
    title: "Metrics",
    icon: ChartLine,
    scope: "caves:read",
    words: "cpu memory disk network",
  },
  {
    ...{ kind: "processes", title: "Processes", icon: Cpu, scope: "caves:exec" },
    ...{ needs: "shell", words: "kill top" },
  },
  { kind: "activity", title: "Activity", icon: Activity, scope: "caves:read", words: "audit timeline" },
  // Opened with a file, never from a menu.
  {
    ...{ kind: "editor", title: "File", icon: FileText, scope: "caves:files" },
    ...{ needs: "shell", many: true, keep: true },
  },
];

export const specOf = (kind: PanelKind): PanelSpec => {
  const found = panelSpecs.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`There is no panel ${kind}.`);
  return found;
};

export const isPanelKind = (value: unknown): value is PanelKind =>
  panelSpecs.some(({ kind }) => kind === value);

/** Whether the cave's image has what the panel needs. */
export function hasPanel({ lacks }: Pick<Cave, "lacks">, kind: PanelKind): boolean {
  const { needs } = specOf(kind);
  return needs === undefined || !lacks.includes(needs);
}

/** Those that a menu offers for this cave. */
export const panelsFor = (cave: Cave, may: (scope: Scope) => boolean): readonly PanelSpec[] =>
  panelSpecs.filter(
    ({ kind, scope, service }) =>
      kind !== "editor" &&
      may(scope) &&
      hasPanel(cave, kind) &&
      (service === undefined || service in cave.services),
  );
