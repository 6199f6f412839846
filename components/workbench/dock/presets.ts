import type { DockviewApi } from "dockview-react";
import { chosenPorts } from "../../caves/chosen-ports.ts";
import { hasPanel, specOf, type PanelKind, type PanelParams } from "../panels.ts";
import type { Cave } from "#contract/cave.ts";

export type PresetName = "basics" | "code" | "watch" | "terminal";

export const presets: readonly { name: PresetName; label: string; hint: string }[] = [
  { name: "basics", label: "Files and terminal", hint: "Starts nothing in the cave" },
  { name: "code", label: "Code", hint: "VS Code, terminal, preview" },
  { name: "watch", label: "Agent watch", hint: "Desktop, activity, terminal, figures" },
  { name: "terminal", label: "Terminal only", hint: "Nothing else in the way" },
];

/** Those that this cave has the panels for. */
export const presetsFor = (cave: Pick<Cave, "lacks">) =>
  presets.filter(({ name }) => name !== "terminal" || hasPanel(cave, "terminal"));

let made = 0;
export const newPanelId = (kind: PanelKind): string =>
  `${kind}-${Date.now().toString(36)}${(made++).toString(36)}`;

/** Puts the panels of a preset where they belong; what the cave does not have is left out. */
export function applyPreset(api: DockviewApi, name: PresetName, cave: Cave): void {
  api.clear();
  const has = (service: string) => service in cave.services;
  // Where nobody can type, what the cave says stands in its place.
  const typed = hasPanel(cave, "terminal") ? "terminal" : "logs";
  const add = (
    kind: PanelKind,
    position?: { of: string; direction: "left" | "right" | "above" | "below" | "within"; size?: number },
    params: PanelParams = {},
  ): string => {
    const { title, keep } = specOf(kind);
    const id = newPanelId(kind);
    const across = position?.direction === "left" || position?.direction === "right";
    api.addPanel({
      id,
      title,
      component: kind,
      params: { ...params },
      renderer: keep === true ? "always" : "onlyWhenVisible",
      ...(position && { position: { referencePanel: position.of, direction: position.direction } }),
      ...(position?.size !== undefined &&
        (across ? { initialWidth: position.size } : { initialHeight: position.size })),
    });
    return id;
  };
  const { width, height } = api;
  const low = Math.max(140, Math.round(height * 0.32));
  const side = Math.min(300, Math.max(200, Math.round(width * 0.19)));
  const port = chosenPorts(cave.ports)[0]?.port;

  switch (name) {
    case "terminal":
      add(typed);
      return;
    case "basics": {
      const terminal = add(typed);
      if (hasPanel(cave, "files")) add("files", { of: terminal, direction: "left", size: side });
      if (port !== undefined)
        add("preview", { of: terminal, direction: "right", size: Math.round(width * 0.4) }, { port });
      api.getPanel(terminal)?.api.setActive();
      return;
    }
    case "code": {
      const main = add(has("code") ? "code" : typed);
      if (!has("code") && hasPanel(cave, "files")) add("files", { of: main, direction: "left", size: side });
      if (has("code")) {
        const terminal = add("terminal", { of: main, direction: "below", size: low });
        add("ports", { of: terminal, direction: "within" });
        add("logs", { of: terminal, direction: "within" });
        api.getPanel(terminal)?.api.setActive();
      }
      add(
        "preview",
        { of: main, direction: "right", size: Math.round(width * 0.36) },
        port === undefined ? {} : { port },
      );
      api.getPanel(main)?.api.setActive();
      return;
    }
    case "watch": {
      const main = add(has("desktop") ? "desktop" : "preview");
      const activity = add("activity", { of: main, direction: "right", size: Math.max(side, 280) });
      const terminal = add(typed, { of: main, direction: "below", size: low });
      if (typed !== "logs") add("logs", { of: terminal, direction: "within" });
      add("metrics", { of: activity, direction: "below", size: Math.round(height * 0.5) });
      api.getPanel(terminal)?.api.setActive();
      api.getPanel(main)?.api.setActive();
    }
  }
}
