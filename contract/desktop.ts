/**
 * The desktop's WebSocket (`WS /v1/caves/{cave}/desktop`): binary messages are RFB bytes, cut anywhere. It is accepted at once and says nothing until the
 * desktop is ready, which on first use takes a moment; browsers tell a page why a socket was closed, but not why one was refused.
 */
export const desktopModes = ["control", "view"] as const;
export type DesktopMode = (typeof desktopModes)[number];

/** Close codes of the desktop's WebSocket; the reason is a sentence. Besides: 1002 and 1008 for what is no WebSocket, or no RFB that is let through. */
export const desktopClose = {
  /** The cave has none, or it could not be started: trying again by oneself is of no use. */
  unavailable: 4001,
  /** It ended, or the cave did, or it could not be reached just now. */
  gone: 4004,
  /** The session or token that opened it is no longer good. */
  unauthenticated: 4401,
  /** The gateway is going away: come again. */
  restarting: 1012,
} as const;
