import "../lib/disposal.ts";
import { element } from "../lib/dom.ts";
import { terminalApi } from "./api.ts";
import { TerminalDesk } from "./desk.ts";

/** `http://terminal--<cave>.<apps domain>/#<terminal>`: the cave is in the host, and the API is on the same one. */
const surface = "terminal--";
const { hostname, host, protocol, origin } = location;
const cave = hostname.slice(surface.length).split(".", 1)[0] ?? "";
const wanted = () => (location.hash === "" ? undefined : location.hash.slice(1));

const desk = new TerminalDesk({ api: terminalApi(origin, cave), resolveLink: previewOf });
document.body.append(desk.element);
desk.selected.on((selected) => {
  document.title = selected ? `${selected.title} · ${cave}` : `${cave} · Ghost`;
  if (selected?.id !== wanted())
    history.replaceState(null, "", selected ? `#${selected.id}` : location.pathname);
});
window.addEventListener("hashchange", () => {
  const id = wanted();
  if (id !== undefined) void desk.show(id);
});

/** A program in the cave that listens on a port says `localhost`; from here, that is the port's own host. */
function previewOf(url: string): string {
  const local = /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(\d+))?(?=[/?#]|$)/.exec(url);
  if (!local) return url;
  return `${protocol}//${local[1] ?? "80"}--${host.slice(surface.length)}${url.slice(local[0].length)}`;
}

async function start(): Promise<void> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8_000)) {
    try {
      await desk.start(wanted());
      return;
    } catch (error) {
      const { message, hint, status } = error as { message: string; hint?: string; status?: number };
      const again = status === undefined || status === 0 || status === 409 || status >= 500;
      const notice = element(
        "div",
        { class: "notice", role: "alert" },
        element("p", {}, message),
        element("p", {}, again ? "It is tried again by itself." : (hint ?? "")),
      );
      desk.element.append(notice);
      if (!again) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
      notice.remove();
    }
  }
}

await start();
