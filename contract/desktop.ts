/**
 * The desktop's WebSocket (`WS /v1/caves/{cave}/desktop`): binary messages are RFB bytes, cut anywhere. It is accepted at once and says nothing until the
 * desktop is ready, which on first use takes a moment; browsers tell a page why a socket was closed, but not why one was refused.
 */
export const desktopModes = ["control", "view"] as const;
export type DesktopMode = (typeof desktopModes)[number];

/** Close codes of the desktop's WebSocket; the reason is a sentence. Besides: 1002 and 1008 for what is no WebSocket, or no RFB that is let through. */
export const desktopClose = {
  /** It could not be started. */
  unavailable: 4001,
  /** It ended, or the cave did. */
  gone: 4004,
  /** The session or token that opened it is no longer good. */
  unauthenticated: 4401,
  /** The gateway is going away: come again. */
  restarting: 1012,
} as const;
