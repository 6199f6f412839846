import { z } from "zod";
import { DesktopWindow } from "../cave.ts";
import { desktopModes } from "../desktop.ts";
import { answerJson, bytes, endpoint } from "../endpoint.ts";
import { CaveRef } from "../ids.ts";

const params = z.strictObject({ cave: CaveRef });
const reach = [
  "cave_not_found",
  "cave_state",
  "cave_unreachable",
  "surface_unavailable",
  "backend_unavailable",
] as const;

export const desktop = {
  connect: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/desktop",
    summary: "See and use the desktop (WebSocket)",
    tag: "Desktop",
    access: "caves:exec",
    description:
      "RFB (VNC) in binary messages, subprotocol `binary`, as noVNC speaks it. The first connection starts the desktop; the socket is silent until it is ready, and is " +
      "closed with 4001 and the reason if it cannot be. In `view` keys, pointer, clipboard and size are dropped by the gateway. Close codes are in contract/desktop.ts.",
    params,
    query: z.strictObject({ mode: z.enum(desktopModes).default("view") }),
    answer: [{ kind: "socket", subprotocol: "binary" }],
    errors: reach,
  }),
  thumbnail: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/desktop/thumbnail",
    summary: "Get a small picture of the desktop",
    tag: "Desktop",
    access: "caves:exec",
    description: "At most two seconds old. A desktop that is not running is not started for it.",
    params,
    query: z.strictObject({ width: z.coerce.number().int().min(16).max(1920).default(320) }),
    answer: [bytes("image/jpeg")],
    errors: [...reach, "surface_stopped"],
  }),
  windows: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/desktop/windows",
    summary: "List the windows on the desktop",
    tag: "Desktop",
    access: "caves:exec",
    description:
      "What the window manager lists as windows and dialogs, in the order they came. A desktop that is not running is not started for it.",
    params,
    answer: [answerJson(z.strictObject({ windows: z.array(DesktopWindow) }))],
    errors: [...reach, "surface_stopped"],
  }),
} as const;
