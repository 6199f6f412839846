import { setGatewayVariables } from "./lib/environment.ts";
import { readObject, sendJson, type Handler } from "./lib/exchange.ts";
import { textMap } from "./lib/fields.ts";

/** The gateway's variables for what starts from now on. */
export const putEnvironment: Handler = async ({ req, res }) => {
  setGatewayVariables(textMap(await readObject(req), "environment"));
  sendJson(res, {});
};
