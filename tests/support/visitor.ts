import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { WebSocket } from "ws";

export interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Somebody who asks for hosts that no name server knows: all of them are at one port of this machine. */
export interface Visitor {
  readonly get: (
    url: string,
    headers?: Record<string, string>,
    method?: string,
    body?: string,
  ) => Promise<Got>;
  /** For whoever wants the streams. */
  readonly request: (url: string, headers?: Record<string, string>, method?: string) => ClientRequest;
  /** The status with which a WebSocket is answered, and the socket if it is 101. */
  readonly socket: (
    url: string,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; socket: WebSocket }>;
}

export interface Visiting {
  port: number;
  /** The authority that signed the server's certificate. */
  ca?: string;
  /** The address to come from, e.g. 127.0.0.2. */
  from?: string;
}

export function createVisitor({ port, ca, from }: Visiting): Visitor {
  const way = { port, host: "127.0.0.1", ...(from !== undefined && { localAddress: from }) };
  const tls = (hostname: string) => ({ servername: hostname, ...(ca !== undefined && { ca }) });
  const request: Visitor["request"] = (url, headers = {}, method = "GET") => {
    const { protocol, host, hostname, pathname, search } = new URL(url);
    const options = { ...way, path: pathname + search, method, headers: { host, ...headers }, agent: false };
    return protocol === "https:" ? httpsRequest({ ...options, ...tls(hostname) }) : httpRequest(options);
  };
  return {
    request,
    get: (url, headers, method, sent) =>
      new Promise((resolve, reject) => {
        const asking = request(url, headers, method);
        asking.on("error", reject);
        asking.on("response", (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          );
          response.on("error", reject);
        });
        asking.end(sent);
      }),
    socket(url, headers = {}) {
      const { protocol, host, hostname, pathname, search } = new URL(url);
      const secure = protocol === "https:";
      const socket = new WebSocket(`${secure ? "wss" : "ws"}://127.0.0.1:${port}${pathname}${search}`, {
        headers: { host, ...headers },
        ...(from !== undefined && { localAddress: from }),
        ...(secure && tls(hostname)),
      });
      return new Promise((resolve) => {
        socket.once("open", () => resolve({ status: 101, socket }));
        socket.once("unexpected-response", (_, response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0, socket });
        });
        socket.on("error", () => undefined);
      });
    },
  };
}
