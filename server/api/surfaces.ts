import { openSurface } from "../surfaces/open-surface.ts";
import { createLink, listLinks, listPorts, revokeLink, sharePort } from "../surfaces/ports.ts";
import type { Handlers } from "./handler.ts";

export const surfaces: Handlers["surfaces"] = {
  open: (call, { params, body: { surface, path = "/" } }, signal) =>
    openSurface(
      call,
      { ...params, surface: typeof surface === "string" ? surface : surface.port, path },
      signal,
    ),
};

export const ports: Handlers["ports"] = {
  list: (call, { params }, signal) => listPorts(call, params, signal),
  share: (call, { params, body }, signal) => sharePort(call, { ...params, ...body }, signal),
  links: (call, { params }, signal) => listLinks(call, params, signal),
  createLink: (call, { params, body }, signal) => createLink(call, { ...params, ...body }, signal),
  revokeLink: (call, { params }, signal) => revokeLink(call, params, signal),
};
