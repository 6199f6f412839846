import { chmod, mkdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { startDaemon, type Reply, type RequestBody, type TestDaemon } from "./daemon.ts";
import type { FolderListing } from "#contract/inside.ts";

/** A daemon for the tests of one file, an empty folder for each of them, and the requests about files. */
export class FileDaemon {
  folder = "";
  #daemon: TestDaemon | undefined;
  #count = 0;

  /** To be called while tests are collected. */
  static forTests(): FileDaemon {
    const files = new FileDaemon();
    beforeAll(async () => {
      files.#daemon = await startDaemon();
    });
    afterAll(async () => {
      await files.#daemon?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      files.folder = `${files.daemon.folder}/${files.#count++}`;
      await mkdir(files.folder);
      await chmod(files.folder, 0o777);
    });
    return files;
  }

  get daemon(): TestDaemon {
    if (!this.#daemon) throw new Error("The daemon is not started yet");
    return this.#daemon;
  }

  put(
    path: string,
    body: RequestBody,
    more: Query = {},
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    return this.daemon.request("PUT", `/files/content?${query({ path, ...more })}`, body, headers);
  }

  get(path: string, more: Query = {}): Promise<Reply> {
    return this.daemon.request("GET", `/files/content?${query({ path, ...more })}`);
  }

  post(verb: string, body: object): Promise<Reply> {
    return this.daemon.request("POST", `/files/${verb}`, body);
  }

  remove(path: string, more: Query = {}): Promise<Reply> {
    return this.daemon.request("DELETE", `/files?${query({ path, ...more })}`);
  }

  async list(path: string, depth = 1): Promise<FolderListing> {
    return (await this.daemon.request("GET", `/files/folder?${query({ path, depth })}`)).json;
  }

  /** In the test's folder, as the cave's user. */
  async run(command: string): Promise<string> {
    return (await this.daemon.exec({ command, cwd: this.folder })).stdout.toString();
  }

  async rssMb(): Promise<number> {
    return (
      Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${this.daemon.pid}/status`, "utf8"))?.[1]) / 1024
    );
  }
}

type Query = Record<string, string | number>;

function query(values: Query): string {
  return new URLSearchParams(
    Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

export const codeOf = (reply: Reply): [status: number, code: string | undefined] => [
  reply.status,
  (reply.json as { code?: string }).code,
];
