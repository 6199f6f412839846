import type { Scope } from "#contract/scopes.ts";

/** The rights there are, in words; the keys are the contract's, or this does not compile. */
export const rights: Record<Scope, string> = {
  "caves:read": "List and watch caves, their logs and figures",
  "caves:write": "Create, start, stop, change and delete caves",
  "caves:exec": "Run commands, processes and terminals in caves",
  "caves:files": "Read and write the files of caves",
  "caves:ports": "See and share the ports of caves",
  runs: "Run code in single-use containers, and read and delete one's own runs",
  secrets: "Store and delete secrets (values are never read back)",
  tokens: "Make and revoke one's own tokens",
  admin: "Everything, for every user",
};

export const allRights = Object.keys(rights) as Scope[];
