import { version } from "../lib/version.ts";
import { api } from "#contract/index.ts";
import { openApi } from "#contract/openapi.ts";

let written: unknown;

/** Written when it is first asked for: the tables do not change while Ghost runs. */
export function openApiOnce(): unknown {
  return (written ??= openApi(api, { version: version().version }));
}
