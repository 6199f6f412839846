import type { IncomingMessage, ServerResponse } from "node:http";
import { streamed } from "../../lib/streamed.ts";
import { Connection, type ConnectionUser } from "./connection.ts";
import { dial } from "./dial.ts";
import { atEndOfTurn } from "./end-of-turn.ts";
import { ownAnswer } from "./failure-page.ts";
import { type FailureCode, HopFailure, reportOf } from "./failure.ts";
import { type Framing, requestHead, responseHeaders } from "./headers.ts";
import type { Lane, Traveller } from "./lanes.ts";
import { isWebSocketUpgrade, pendingBytes, type RelayLimits } from "./limits.ts";
import { checkRequest, isSafe } from "./request-check.ts";
import type { ResponseHead } from "./response-head.ts";
import { labelOf, type RelayTarget } from "./target.ts";

/** How an exchange went, for the log line of whoever asked for it. */
export interface Outcome {
  /** Of the answer's head; 0 when none was given. */
  status: number;
  failure?: FailureCode;
  /** The log's alone: may hold words of the target. */
  detail?: string;
}

export interface ExchangeOptions {
  lane: Lane;
  limits: RelayLimits;
  req: IncomingMessage;
  res: ServerResponse;
  target: RelayTarget;
  signal: AbortSignal;
  /** Makes it an Upgrade: called with the target's 101. */
  onSwitch?: (head: ResponseHead, connection: Connection) => void;
}

const smallBytes = 8_192;
const ignore = () => undefined;
const noBody: Framing = { kind: "none" };

/** One request to a target and its answer. Whatever goes wrong ends in an answer or in a broken connection to the client, never in an exception. */
export class Exchange implements ConnectionUser, Traveller {
  readonly kind: "request" | "upgrade";
  slot = -1;
  readonly #o: ExchangeOptions;
  readonly #settle: (outcome: Outcome) => void;
  #framing = noBody;
  #head = "";
  #connection: Connection | undefined;
  #dialling: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes may have reached the target. */
  #sent = false;
  #requestDone = true;
  #expecting = false;
  #headBegun = false;
  #answered = false;
  #flushed = false;
  /** The first part of a body, as long as its end may come with it. */
  #held: Buffer | undefined;
  /** The client has once been slower than the target. */
  #slow = false;
  #answerDone = false;
  #over = false;
  #activeAt = 0;
  #outcome: Outcome = { status: 0 };

  constructor(options: ExchangeOptions, settle: (outcome: Outcome) => void) {
    this.#o = options;
    this.#settle = settle;
    this.kind = options.onSwitch ? "upgrade" : "request";
  }

  start(): void {
    const { lane, limits, req, res, target, signal, onSwitch } = this.#o;
    res.on("close", this.#onClientClose);
    res.on("error", ignore);
    // A response that waits behind a pipelined one has no socket yet, and would not hear that it closes.
    if (!res.socket) req.socket.once("close", this.#onClientClose);
    signal.addEventListener("abort", this.#onAbort);
    try {
      if (onSwitch && !isWebSocketUpgrade(req)) throw new HopFailure("unsupported_upgrade");
      this.#framing = checkRequest(req);
      if (onSwitch && this.#framing.kind !== "none") throw new HopFailure("bad_request_framing");
      this.#requestDone = this.#framing.kind === "none";
      this.#expecting = !this.#requestDone && req.headers.expect?.toLowerCase() === "100-continue";
      this.#head = requestHead(req, target, this.#framing, {
        upgrade: onSwitch !== undefined,
        expect: this.#expecting,
      });
      if (this.#head.length > limits.headBytes) throw new HopFailure("request_head_too_large");
      lane.enter(this);
      target.onActivity?.();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (signal.aborted) {
      this.cancel();
      return;
    }
    const now = performance.now();
    const waiting = onSwitch
      ? undefined
      : lane.take(now - (this.#repeatable ? limits.idleMs : limits.freshMs));
    if (waiting) this.#send(waiting);
    else void this.#dial();
  }

  /** The target, or the right to it, is no more. */
  cancel(): void {
    this.onBroken(new HopFailure("app_gone"));
  }

  onPartialHead(): void {
    if (this.#headBegun || this.kind === "upgrade") return;
    this.#headBegun = true;
    this.#deadline(this.#o.limits.headMs, "app_timeout");
  }

  onInterim(head: ResponseHead): void {
    const { req, res, onSwitch } = this.#o;
    if (!this.#connection || onSwitch || req.httpVersionMinor === 0) return;
    if (head.status === 100 && this.#expecting) {
      this.#expecting = false;
      res.writeContinue();
    } else if (head.status === 102) {
      res.writeProcessing();
    } else if (head.status === 103) {
      const links = head.headers.filter(
        (_, at) => at % 2 === 1 && head.headers[at - 1]?.toLowerCase() === "link",
      );
      try {
        res.writeEarlyHints({ link: links });
      } catch {
        // A hint that Node finds malformed is not worth failing for.
      }
    }
  }

  onHead(head: ResponseHead): void {
    const { res, target, onSwitch } = this.#o;
    if (!this.#connection) return;
    if (head.status === 101) {
      this.#switch(head);
      return;
    }
    const headers = responseHeaders(head, target);
    // A client that waits for its 100 may or may not send its body now: what follows on its connection cannot be told apart.
    if ((this.#expecting && !this.#requestDone) || onSwitch) headers.push("Connection", "close");
    try {
      res.writeHead(head.status, head.reason, headers);
    } catch (error) {
      this.onBroken(new HopFailure("app_bad_answer", String(error)));
      return;
    }
    this.#answered = true;
    this.#outcome.status = head.status;
    if (this.#requestDone) clearTimeout(this.#timer);
  }

  onData(chunk: Buffer): void {
    if (!this.#connection) return;
    if (this.#held) this.#pass();
    if (chunk.length <= smallBytes) this.#held = chunk;
    else this.#write(chunk);
  }

  onPause(): void {
    if (!this.#connection || !this.#answered) return;
    if (this.#held) this.#pass();
    // An event stream may say nothing for a long time: its client gets the head without a body.
    else if (!this.#flushed) this.#o.res.flushHeaders();
    this.#flushed = true;
  }

  onEnd(): void {
    const connection = this.#connection;
    if (!connection) return;
    const held = this.#held;
    this.#answerDone = true;
    this.#connection = undefined;
    clearTimeout(this.#timer);
    connection.end();
    if (this.#requestDone) this.#o.lane.give(connection);
    else connection.destroy();
    atEndOfTurn(() => {
      // As a string, a small body leaves in one piece with its head; as a buffer it would be gathered from two.
      if (held) this.#o.res.end(held.toString("latin1"), "latin1");
      else this.#o.res.end();
    });
  }

  #pass(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#write(held);
  }

  #write(chunk: Buffer): void {
    this.#flushed = true;
    const { res } = this.#o;
    if (res.write(chunk) || res.writableLength < pendingBytes) return;
    this.#connection?.pause();
    if (this.#slow) return;
    this.#slow = true;
    res.on("drain", () => this.#connection?.resume());
  }

  onDrain(): void {
    this.#o.req.resume();
  }

  onBroken(failure: HopFailure): void {
    if (this.#over || this.#answerDone) return;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#dialling?.abort();
    connection?.destroy();
    if (
      failure.code === "app_closed" &&
      connection?.used === true &&
      !connection.answering &&
      this.#repeatable
    ) {
      // The target closed the waiting connection at the moment it was chosen.
      void this.#dial();
      return;
    }
    this.#fail(failure);
  }

  get #repeatable(): boolean {
    return this.#framing.kind === "none" && isSafe(this.#o.req.method);
  }

  async #dial(): Promise<void> {
    const { limits, target, onSwitch } = this.#o;
    const dialling = new AbortController();
    this.#dialling = dialling;
    if (onSwitch) this.#deadline(limits.handshakeMs, "app_timeout");
    try {
      const stream = await dial(target, limits.dialMs, dialling.signal);
      if (this.#over || dialling.signal.aborted) stream.destroy();
      else this.#send(new Connection(stream, limits));
    } catch (error) {
      if (!dialling.signal.aborted) this.#fail(error);
    }
  }

  #send(connection: Connection): void {
    const { limits, req, onSwitch } = this.#o;
    this.#dialling = undefined;
    this.#connection = connection;
    this.#sent = true;
    connection.begin(this, req.method ?? "GET");
    if (!this.#requestDone) {
      connection.write(this.#head);
      this.#sendBody();
      return;
    }
    atEndOfTurn(() => connection.closed || connection.write(this.#head));
    if (!onSwitch) this.#deadline(limits.answerMs, "app_timeout");
  }

  #sendBody(): void {
    const { limits, req } = this.#o;
    const chunked = this.#framing.kind === "chunked";
    this.#deadline(limits.bodyIdleMs, "request_stalled");
    req.on("data", (chunk: Buffer) => {
      streamed(chunk.length);
      const connection = this.#connection;
      if (!connection) return;
      this.#timer?.refresh();
      this.#active();
      if (!(chunked ? connection.writeChunk(chunk) : connection.write(chunk))) req.pause();
    });
    req.on("end", () => {
      if (!this.#connection) return;
      this.#requestDone = true;
      if (chunked) this.#connection.write("0\r\n\r\n");
      clearTimeout(this.#timer);
      if (!this.#answered) this.#deadline(limits.answerMs, "app_timeout");
    });
  }

  #switch(head: ResponseHead): void {
    const { onSwitch } = this.#o;
    const connection = this.#connection;
    if (!onSwitch || !connection || head.upgrade !== "websocket") {
      this.onBroken(new HopFailure("app_bad_answer", "101 without upgrade"));
      return;
    }
    this.#outcome.status = 101;
    this.#answered = true;
    this.#connection = undefined;
    this.#o.res.off("close", this.#onClientClose);
    this.#release();
    onSwitch(head, connection);
  }

  #fail(error: unknown): void {
    if (this.#over || this.#outcome.failure) return;
    const failure = error instanceof HopFailure ? error : new HopFailure("app_not_listening", String(error));
    const { req, res, target, onSwitch } = this.#o;
    this.#connection?.destroy();
    this.#connection = undefined;
    clearTimeout(this.#timer);
    this.#outcome.failure = failure.code;
    this.#outcome.detail = failure.message;
    if (this.#answered) {
      this.#cut();
      return;
    }
    const report = reportOf(failure.code, labelOf(target), this.#sent && !isSafe(req.method));
    const answer = ownAnswer(req, report, target);
    this.#answered = true;
    this.#outcome.status = answer.status;
    const headers = [...answer.headers, "Content-Length", String(Buffer.byteLength(answer.body))];
    if (this.#expecting || onSwitch || report.hop === "client") headers.push("Connection", "close");
    res.writeHead(answer.status, headers);
    res.end(answer.body);
  }

  /** The answer cannot be completed, and the client must see that it is not. */
  #cut(): void {
    const { req, res } = this.#o;
    // To a client that takes the end of the connection for the end of the answer, only a reset says otherwise.
    const plainTcp = req.socket.remoteAddress !== undefined && !("encrypted" in req.socket);
    if (req.httpVersionMinor === 0 && plainTcp) req.socket.resetAndDestroy();
    else res.destroy();
  }

  #deadline(ms: number, code: FailureCode): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dialling?.abort();
      this.#fail(new HopFailure(code));
    }, ms);
  }

  #active(): void {
    const now = performance.now();
    if (now - this.#activeAt < 1_000) return;
    this.#activeAt = now;
    this.#o.target.onActivity?.();
  }

  readonly #onAbort = (): void => this.cancel();

  readonly #onClientClose = (): void => {
    if (this.#over) return;
    this.#release();
    this.#settle(this.#outcome);
  };

  #release(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#dialling?.abort();
    this.#connection?.destroy();
    this.#connection = undefined;
    this.#o.req.socket.off("close", this.#onClientClose);
    this.#o.signal.removeEventListener("abort", this.#onAbort);
    this.#o.lane.leave(this);
  }
}
