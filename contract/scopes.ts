import { z } from "zod";

/** What a token may do. `admin` includes everything, other users' caves too. */
export const scopes = {
  "caves:read": "List and watch caves, their logs and figures",
  "caves:write": "Create, start, stop, change and delete caves",
  "caves:exec": "Run commands, processes and terminals in caves",
  "caves:files": "Read and write the files of caves",
  "caves:ports": "See and share the ports of caves",
  runs: "Run code in single-use containers, and read and delete one's own runs",
  secrets: "Store and delete secrets (values are never read back)",
  tokens: "Make and revoke one's own tokens",
  admin: "Everything, for every user",
} as const;

export type Scope = keyof typeof scopes;
export const Scope = z.enum(Object.keys(scopes) as [Scope, ...Scope[]]);
