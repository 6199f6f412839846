import { endingOfRefusal } from "./causes.ts";
import { DesktopPanel } from "./desktop-panel.ts";

// The page is served at desktop--<cave>.<apps domain>, with this cave's part of the API beside it.
const cave = /^desktop--([^.]+)\./.exec(location.hostname)?.[1] ?? "";
const about = `/v1/caves/${cave}`;
const path = `${about}/desktop`;

const panel = new DesktopPanel({
  element: document.body,
  name: cave,
  mode: "control",
  url: (mode) => `${location.origin.replace(/^http/, "ws")}${path}?mode=${mode}`,
  explain: async (signal) => {
    const response = await fetch(`${path}/thumbnail?width=16`, { signal });
    return response.ok ? undefined : endingOfRefusal(response.status, await response.json());
  },
});
document.title = `Desktop · ${cave}`;
const response = await fetch(about).catch(() => undefined);
if (response?.ok === true) {
  const { name } = (await response.json()) as { name: string };
  panel.name = name;
  document.title = `${name} · Desktop`;
}
