import { z } from "zod";
import { daemonPort } from "./daemon.ts";
import { PortLinkId, Timestamp } from "./ids.ts";

/** The surfaces that have a name; the others are ports. */
export const NamedSurface = z.enum(["terminal", "code", "desktop", "jupyter"]);
export type NamedSurface = z.infer<typeof NamedSurface>;

/** Ports that are Ghost's own inside a cave: they are never shown, shared or opened. */
export const reservedPorts: readonly number[] = [daemonPort];

export const AppPort = z
  .number()
  .int()
  .min(1)
  .max(65_535)
  .refine((port) => !reservedPorts.includes(port), "That port is Ghost's own.");

/** A way into a cave: by name, or a port's number. */
export type Surface = NamedSurface | number;

export const OpenSurface = z
  .strictObject({
    surface: z.union([NamedSurface, z.strictObject({ port: AppPort })]),
    path: z
      .string()
      .max(4096)
      .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, "Give a path that begins with one slash, percent-encoded.")
      .optional()
      .describe("Where in it: a path of the app; for `code` a file or folder, `:line:column` allowed"),
  })
  .meta({ id: "OpenSurface" });
export type OpenSurface = z.infer<typeof OpenSurface>;

export const OpenedSurface = z
  .strictObject({
    url: z.string().describe("Opens it once, in the browser that goes there first"),
    expiresAt: Timestamp.describe("Until when the URL can be used"),
  })
  .meta({ id: "OpenedSurface" });
export type OpenedSurface = z.infer<typeof OpenedSurface>;

export const PortVisibility = z
  .enum(["private", "link", "public"])
  .describe("private: whoever may use the cave; link: also whoever has a link to it; public: everybody");
export type PortVisibility = z.infer<typeof PortVisibility>;

/** A port that something listens on, or that is shared although nothing does at the moment. */
export const CavePort = z
  .strictObject({
    port: z.number().int(),
    listening: z.boolean(),
    process: z.string().optional().describe("Name of the process that listens"),
    pid: z.number().int().optional(),
    address: z.string().optional().describe("Address it listens on, as the kernel says"),
    visibility: PortVisibility,
    url: z.string().describe("For those who may: others are asked to sign in"),
  })
  .meta({ id: "CavePort" });
export type CavePort = z.infer<typeof CavePort>;

export const PortLink = z
  .strictObject({ id: PortLinkId, port: z.number().int(), createdAt: Timestamp, expiresAt: Timestamp })
  .meta({ id: "PortLink" });
export type PortLink = z.infer<typeof PortLink>;

export const NewPortLink = PortLink.extend({ url: z.string().describe("Shown once") }).meta({
  id: "NewPortLink",
});
export type NewPortLink = z.infer<typeof NewPortLink>;
