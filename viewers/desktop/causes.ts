import { desktopClose } from "#contract/desktop.ts";

/** What the end of a connection means to whoever looks on. */
export interface Ending {
  cause: string;
  /** Whether it is worth trying again by itself. */
  again: boolean;
}

/** `opened`: whether the gateway had accepted the socket; browsers do not say why it did not. */
export function endingOf({ code, reason }: CloseEvent, opened: boolean): Ending {
  switch (code) {
    case desktopClose.unavailable:
      return { cause: reason, again: false };
    case desktopClose.gone:
      return { cause: reason, again: true };
    case desktopClose.unauthenticated:
      return { cause: `${reason} Open the desktop again from the dashboard.`, again: false };
    case desktopClose.restarting:
    case 1001:
      return { cause: "Ghost is restarting.", again: true };
    case 1002:
    case 1003:
    case 1008:
    case 1009:
      return { cause: `The gateway ended the connection: ${reason}`, again: false };
    default:
      return {
        cause: opened ? "The connection was lost." : "The gateway did not take the connection.",
        again: true,
      };
  }
}

const passing = new Set([502, 503, 504]);

/** What the API says when it is asked about a desktop. */
export function endingOfRefusal(status: number, body: unknown): Ending | undefined {
  const { code, message, hint } = (body as { error?: Partial<Record<string, string>> }).error ?? {};
  if (code === undefined || code === "surface_stopped") return undefined;
  return { cause: [message, hint].filter(Boolean).join(" "), again: passing.has(status) };
}
