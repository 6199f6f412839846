import type { QueryClient } from "@tanstack/react-query";
import { cavesKey } from "../../caves/api/list-caves.ts";
import { api, GhostError } from "../../lib/api.ts";
import type { Cave } from "#contract/cave.ts";

const port = 3000;
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Hello from a cave</title>
<style>
  body { margin: 0; padding: 24px; box-sizing: border-box; min-height: 100vh; display: grid; place-content: center; gap: 8px; text-align: center;
         font: 16px/1.5 system-ui, sans-serif; color: #e8eaee; background: #101318; }
  h1 { margin: 0; font-size: 40px; letter-spacing: -0.02em; }
  code { color: #5fe3c3; }
</style>
<h1>Hello from a cave</h1>
<p>This is <code>/workspace/hello/index.html</code>. Change it and load the page again.</p>
</html>
`;

const patienceMs = 30_000;

/** Puts a page into a cave, serves it, and resolves with the port once something listens. */
export async function startSample(client: QueryClient, cave: Cave, signal: AbortSignal): Promise<number> {
  const params = { cave: cave.id };
  await api.files.write(
    { params, query: { path: "/workspace/hello/index.html", mkdirs: true }, body: page },
    { signal },
  );
  if (!listens(client, cave))
    await api.processes.start(
      {
        params,
        body: {
          argv: ["python3", "-m", "http.server", String(port), "--directory", "/workspace/hello"],
          name: "hello",
        },
      },
      { signal },
    );
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    if (listens(client, cave)) return port;
    await new Promise((resolve) => setTimeout(resolve, 200));
    signal.throwIfAborted();
  }
  throw new GhostError("timeout", "The sample page does not answer.", {
    hint: "Look at the cave's processes.",
  });
}

const listens = (client: QueryClient, { id }: Cave): boolean =>
  client
    .getQueryData<readonly Cave[]>(cavesKey)
    ?.find((one) => one.id === id)
    ?.ports.some((one) => one.port === port) === true;
