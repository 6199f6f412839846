/**
 * What a dev server does: pages hold a WebSocket to it, and show what changed without being loaded anew. It serves the words of `page.txt` on
 * port 4321.
 */
export const hotApp = `
import { createHash } from "node:crypto";
import { readFileSync, watchFile } from "node:fs";
import { createServer } from "node:http";
const words = () => readFileSync("page.txt", "utf8").trim();
const page = () => "<h1>" + words() + "</h1><script>" +
  "const open = () => { const socket = new WebSocket('ws://' + location.host + '/hot');" +
  "socket.onmessage = ({ data }) => { document.querySelector('h1').textContent = data; };" +
  "socket.onclose = () => setTimeout(open, 200); }; open();</script>";
const sockets = new Set();
const tell = (socket) => {
  const text = Buffer.from(words());
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
};
const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(page()));
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1")
    .update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n" +
    "Sec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  sockets.add(socket);
  socket.on("error", () => undefined).on("close", () => sockets.delete(socket)).resume();
  tell(socket);
});
watchFile("page.txt", { interval: 100 }, () => sockets.forEach(tell));
server.listen(4321);
`;
