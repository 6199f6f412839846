import { z } from "zod";
import { desktopModes } from "../desktop.ts";
import { bytes, endpoint } from "../endpoint.ts";
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
} as const;
