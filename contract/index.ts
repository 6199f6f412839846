import { caves } from "./endpoints/caves.ts";
import { exec, files, ports, processes, terminals } from "./endpoints/inside.ts";
import { accounts, system } from "./endpoints/system.ts";

/** The whole public API, as data: server, client, OpenAPI and documentation are read from it. */
export const api = { caves, exec, processes, terminals, files, ports, accounts, system } as const;
