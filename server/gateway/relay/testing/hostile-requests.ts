/** Request targets that name a host to some reader. */
export const targetsThatNameHosts = [
  "//other/x",
  "/\\other/x",
  "/a\\..\\other",
  "http://other/x",
  "https://mine/",
  "*",
  "mine:80",
  "/#fragment",
];

/** The request that a reader finds who ends the one before it in another place. */
export function smuggledBy(host: string): string {
  return `GET /smuggled HTTP/1.1\r\n${host}Connection: close\r\n\r\n`;
}

/** Requests that two readers would end, or lead, to two places. The hosts are header lines. */
export function ambiguousRequests(host: string, other: string): [name: string, request: string][] {
  const smuggled = smuggledBy(host);
  return [
    [
      "CL.TE",
      `POST / HTTP/1.1\r\n${host}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      "TE.CL",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1\r\nx\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      "TE.TE",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      "TE hidden by a tab",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding:\tchunked, x\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      "TE of another kind",
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ["two lengths", `POST / HTTP/1.1\r\n${host}Content-Length: 0\r\nContent-Length: 50\r\n\r\n${smuggled}`],
    ["a length in hex", `POST / HTTP/1.1\r\n${host}Content-Length: 0x5\r\n\r\n${smuggled}`],
    ["a space before the colon", `POST / HTTP/1.1\r\n${host}Content-Length : 50\r\n\r\n${smuggled}`],
    ["bare LF in chunks", `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\n\n${smuggled}`],
    ["a folded header", `POST / HTTP/1.1\r\n${host}X: a\r\n Content-Length: 50\r\n\r\n${smuggled}`],
    ["two hosts", `GET / HTTP/1.1\r\n${host}${other}\r\n`],
    ["no host", "GET / HTTP/1.1\r\n\r\n"],
  ];
}
