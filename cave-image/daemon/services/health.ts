import { connect } from "node:net";
import { http } from "../lib/builtin.ts";
import type { Program } from "./definitions.ts";

const tryEveryMs = 50;
const answerMs = 5000;

/** Resolves when the program answers; false when the signal aborts before. */
export async function becomesReady(
  { socket, answersTo }: NonNullable<Program["ready"]>,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    if (await (answersTo === undefined ? accepts(socket) : answers(socket, answersTo))) return true;
    await new Promise((resolve) => setTimeout(resolve, tryEveryMs));
  }
  return false;
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function answers(socketPath: string, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const req = http.get({ socketPath, path, timeout: answerMs, headers: { host: "localhost" } }, (res) => {
      res.resume();
      resolve(res.statusCode !== undefined && res.statusCode < 400);
    });
    req.once("timeout", () => req.destroy());
    req.once("error", () => resolve(false));
  });
}
