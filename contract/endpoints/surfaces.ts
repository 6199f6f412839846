import { z } from "zod";
import { answerJson, endpoint, json, nothing } from "../endpoint.ts";
import { CaveRef, PortLinkId, PortParam } from "../ids.ts";
import {
  CavePort,
  NewPortLink,
  OpenedSurface,
  OpenSurface,
  PortLink,
  PortVisibility,
  reservedPorts,
} from "../surfaces.ts";
import { reach } from "./inside.ts";

const params = z.strictObject({ cave: CaveRef });
const portParams = params.extend({
  port: PortParam.refine((port) => !reservedPorts.includes(port), "That port is Ghost's own."),
});

export const ports = {
  list: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/ports",
    summary: "List the ports that something listens on, or that are shared",
    tag: "Ports",
    access: "caves:ports",
    params,
    answer: [answerJson(z.strictObject({ ports: z.array(CavePort) }))],
    errors: reach,
  }),
  share: endpoint({
    method: "put",
    path: "/v1/caves/{cave}/ports/{port}",
    summary: "Say who may see a port",
    tag: "Ports",
    access: "caves:ports",
    description:
      "Nothing need listen on it yet. Making it private ends all links to it, and what they have open.",
    params: portParams,
    body: [json(z.strictObject({ visibility: PortVisibility }))],
    answer: [answerJson(CavePort)],
    errors: ["cave_not_found", "limit_reached"],
  }),
  links: endpoint({
    method: "get",
    path: "/v1/caves/{cave}/ports/{port}/links",
    summary: "List a port's links",
    tag: "Ports",
    access: "caves:ports",
    params: portParams,
    answer: [answerJson(z.strictObject({ links: z.array(PortLink) }))],
    errors: ["cave_not_found"],
  }),
  createLink: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/ports/{port}/links",
    summary: "Make a link that opens a port without an account",
    tag: "Ports",
    access: "caves:ports",
    description: "A private port becomes one that is shared by link.",
    params: portParams,
    body: [
      json(
        z.strictObject({
          expiresInMs: z
            .number()
            .int()
            .min(1_000)
            .max(90 * 86_400_000)
            .default(7 * 86_400_000),
        }),
      ),
    ],
    answer: [answerJson(NewPortLink)],
    status: 201,
    errors: ["cave_not_found", "limit_reached"],
  }),
  revokeLink: endpoint({
    method: "delete",
    path: "/v1/caves/{cave}/ports/{port}/links/{id}",
    summary: "Revoke a link, with what it has open",
    tag: "Ports",
    access: "caves:ports",
    params: portParams.extend({ id: PortLinkId }),
    answer: [nothing],
    errors: ["cave_not_found", "link_not_found"],
  }),
} as const;

export const surfaces = {
  open: endpoint({
    method: "post",
    path: "/v1/caves/{cave}/open",
    summary: "Open a surface or a port in a browser",
    tag: "Surfaces",
    access: "signed-in",
    description:
      "Answers a URL that lets one browser in, once, within a minute. Ports need the scope `caves:ports`, the other surfaces `caves:exec`. " +
      "What was opened ends with the session or token that opened it.",
    params,
    body: [json(OpenSurface)],
    answer: [answerJson(OpenedSurface)],
    errors: ["cave_not_found", "forbidden", "surface_unavailable"],
  }),
} as const;
