/** Which hop a request failed on, and what to do about it. `{app}` stands for what the caller calls the target. */
const failures = {
  bad_request_target: {
    status: 400,
    hop: "client",
    message: "The request's target is not a path.",
    hint: "Ask for a path that begins with one `/`.",
  },
  ambiguous_host: {
    status: 400,
    hop: "client",
    message: "The request names more than one host.",
    hint: "Send one Host header.",
  },
  bad_request_framing: {
    status: 400,
    hop: "client",
    message: "The request does not say clearly where its body ends.",
    hint: "Send either Content-Length or `Transfer-Encoding: chunked`, and no body with an Upgrade.",
  },
  unsupported_upgrade: {
    status: 501,
    hop: "client",
    message: "Only WebSocket upgrades are forwarded.",
    hint: "Speak plain HTTP/1.1 or WebSocket.",
  },
  request_head_too_large: {
    status: 431,
    hop: "client",
    message: "The request's headers are too large.",
    hint: "Remove cookies of this site, or send fewer and shorter headers.",
  },
  request_stalled: {
    status: 408,
    hop: "client",
    message: "The request's body stopped arriving.",
    hint: "Send the request again over a better connection.",
  },
  app_busy: {
    status: 503,
    hop: "gateway",
    message: "{app} has too many open requests.",
    hint: "Wait until some of them are done, and look whether the app is stuck.",
  },
  app_not_listening: {
    status: 502,
    hop: "app",
    message: "Nothing answers at {app}.",
    hint: "Start the app, and let it listen on this port.",
  },
  app_connect_timeout: {
    status: 504,
    hop: "cave",
    message: "The cave did not accept a connection for {app} in time.",
    hint: "Look at the cave's load; `ghost restart` it if that goes on.",
  },
  app_gone: {
    status: 502,
    hop: "cave",
    message: "The way to {app} was closed meanwhile.",
    hint: "Its cave was stopped or restarted, or your access has ended.",
  },
  app_closed: {
    status: 502,
    hop: "app",
    message: "{app} closed the connection before it answered.",
    hint: "Look at the app's output: it probably crashed or restarted.",
  },
  app_bad_answer: {
    status: 502,
    hop: "app",
    message: "{app} did not answer in valid HTTP/1.1.",
    hint: "Check that the app serves HTTP (not HTTPS) on this port.",
  },
  app_timeout: {
    status: 504,
    hop: "app",
    message: "{app} accepted the request and did not answer in time.",
    hint: "Look at the app's output: it is busy or stuck.",
  },
} as const satisfies Record<string, { status: number; hop: string; message: string; hint: string }>;

export type FailureCode = keyof typeof failures;

/**
 * The answer to an unsafe request whose bytes may have reached their target. Nobody knows whether it took effect, and every 5xx is on some
 * client's list of statuses to try again, as are 408, 409, 425 and 429. "Failed Dependency" is on none, and is what happened.
 */
export const mayHaveReachedStatus = 424;

/** A hop that failed. `detail` is for the log only: its text can be the target's. */
export class HopFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, detail?: string) {
    super(detail ?? code);
    this.name = "HopFailure";
    this.code = code;
  }
}

export interface FailureReport {
  code: FailureCode;
  status: number;
  hop: string;
  message: string;
  hint: string;
}

export function reportOf(code: FailureCode, app: string, mayHaveReached: boolean): FailureReport {
  const { status, hop, message, hint } = failures[code];
  return {
    code,
    status: mayHaveReached ? mayHaveReachedStatus : status,
    hop,
    message: message.replace("{app}", app),
    hint: mayHaveReached ? `The request may have taken effect: look before you repeat it. ${hint}` : hint,
  };
}
