/** What a peer did that ends its WebSocket, with the code and the reason that it is told. */
export class SocketError extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.name = "SocketError";
    this.code = code;
  }
}
