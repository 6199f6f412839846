import { Readable } from "node:stream";
import { desktopThumbnail } from "../caves/desktop-thumbnail.ts";
import { enterCave } from "../caves/enter.ts";
import { desktopSocket } from "../gateway/desktop/desktop-socket.ts";
import { Reply, type Handlers } from "./handler.ts";

export const desktop: Handlers["desktop"] = {
  async connect(call, { params, query: { mode } }, signal) {
    const activity = mode === "control" ? { activity: "desktop" } : {};
    const { guest, touch } = await enterCave(
      call,
      { cave: params.cave, scope: "caves:exec", ...activity },
      signal,
    );
    return desktopSocket({ guest, mode, touch });
  },
  async windows(call, { params }, signal) {
    const { guest } = await enterCave(call, { cave: params.cave, scope: "caves:exec" }, signal);
    return { windows: await guest.desktopWindows(signal) };
  },
  async thumbnail(call, { params, query }, signal) {
    const image = await desktopThumbnail(call, { cave: params.cave, width: query.width }, signal);
    return new Reply(Readable.from([image], { objectMode: false }), {
      headers: { "content-length": image.length },
    });
  },
};
