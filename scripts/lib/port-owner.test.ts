import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { listeners, portIsTaken, portOwner } from "./port-owner.ts";

it("tells a taken port and its owner from a free one", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect(await portIsTaken(port)).toBe(true);
  if (process.platform === "linux") expect(portOwner(port)).toContain(`process ${process.pid}`);
  server.close();
  await once(server, "close");
  expect(await portIsTaken(port)).toBe(false);
  expect(portOwner(port)).toBeUndefined();
});

it("reads listening sockets of that port alone", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1
   1: 0100007F:1F40 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 222 1
   2: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1`;
  expect(listeners(table, 8000)).toEqual(["111"]);
});
