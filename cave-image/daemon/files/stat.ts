import { parsePath } from "../lib/cave-path.ts";
import { sendJson, type Exchange, type Handler } from "../lib/exchange.ts";
import { entryBehind } from "./entry.ts";

export const statFile: Handler = async ({ res, query }) => {
  sendJson(res, await entryBehind(pathOf(query)));
};

export function pathOf(query: Exchange["query"]) {
  return parsePath(query.get("path") ?? "");
}
