import type { Duplex } from "node:stream";

/** Where one request goes, and what may be said of it on the way. Made by whoever routes and authenticates; the relay chooses nothing. */
export interface RelayTarget {
  /**
   * Names the incarnation of the cave and the port, e.g. `cave-x/7/3000`. Connections are pooled by it and never shared between keys, so it must
   * change when what is behind it does. Never an address: engines hand those out again.
   */
  readonly key: string;
  /** Opens a byte stream to the target. Throws when nothing listens. */
  dial(signal: AbortSignal): Promise<Duplex>;
  /** The Host that the target shall see: see headers.ts. */
  readonly host: string;
  /** The client's address, and the origin under which it sees the target. */
  readonly forwarded: { readonly for: string; readonly proto: "http" | "https"; readonly host: string };
  /** The page that sends the request is another port's of the same cave: where it is for the browser, and where the target believes it to be. */
  readonly sibling?: { readonly outside: string; readonly inside: string };
  /** Whether a cookie of this name is Ghost's own: it reaches no target, and no target may set it. */
  dropCookies(name: string): boolean;
  /** Who may frame the target's pages, as the sources of `frame-ancestors`. Takes the place of what the target says about that. */
  readonly frameAncestors?: string;
  /**
   * The page goes into a frame, where browsers keep no cookies of another site but those of the frame's own partition: the target's become such,
   * and go nowhere but into that frame.
   */
  readonly framed?: boolean;
  /** What error pages call the target, e.g. "Port 3000 of demo". */
  readonly label?: string;
  /** The texts of the page that a browser waits on while nothing listens; without them it gets an error page. */
  readonly waiting?: { readonly title: string; readonly text: string };
  /** The client has asked or sent something; at most once a second for each exchange. */
  onActivity?(): void;
}

export function labelOf(target: RelayTarget): string {
  return target.label ?? "The app";
}

/** The origin the browser uses, and the one the target believes to have. */
export function originsOf(target: RelayTarget): { outside: string; inside: string } {
  const { proto, host } = target.forwarded;
  const outside = `${proto}://${host}`;
  return { outside, inside: target.host === host ? outside : `http://${target.host}` };
}
