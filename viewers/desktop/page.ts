import { endingOfRefusal } from "./causes.ts";
import { DesktopPanel } from "./desktop-panel.ts";

// The page is served at desktop--<cave>.<apps domain>, with this cave's part of the API beside it.
const cave = /^desktop--([^.]+)\./.exec(location.hostname)?.[1] ?? "";
const path = `/v1/caves/${cave}/desktop`;

document.title = `Desktop · ${cave}`;
new DesktopPanel({
  element: document.body,
  name: cave,
  mode: "control",
  url: (mode) => `${location.origin.replace(/^http/, "ws")}${path}?mode=${mode}`,
  explain: async (signal) => {
    const response = await fetch(`${path}/thumbnail?width=16`, { signal });
    return response.ok ? undefined : endingOfRefusal(response.status, await response.json());
  },
});
