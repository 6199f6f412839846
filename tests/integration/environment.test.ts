import { afterAll, beforeAll, expect, it } from "vitest";
import { type GatewayProcess, startGateway } from "../support/gateway-process.ts";

let ghost: GatewayProcess;
beforeAll(async () => {
  ghost = await startGateway();
});
afterAll(async () => ghost[Symbol.asyncDispose]());

/** What programs that start now see. */
async function variablesIn(cave: string): Promise<Record<string, string>> {
  const { stdout } = await ghost.client.exec.run({ params: { cave }, body: { command: "env -0" } });
  const lines = stdout.split("\0").filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

it("tells programs in caves where they are seen, by the settings that the gateway has now", async () => {
  const { id } = await ghost.client.caves.create({ body: { name: "lair", image: "ghost/cave:base" } });
  const { port } = new URL(ghost.url);
  expect(await variablesIn("lair")).toMatchObject({
    GHOST_CAVE_ID: id,
    GHOST_CAVE_NAME: "lair",
    GHOST_PORT_URL_TEMPLATE: `http://{port}--${id}.localhost:${port}`,
    VSCODE_PROXY_URI: `http://{{port}}--${id}.localhost:${port}/`,
    __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: ".localhost",
  });
  expect(await variablesIn("lair")).not.toHaveProperty("EXTENSIONS_GALLERY");

  await ghost.kill("SIGTERM");
  const gallery = { serviceUrl: "https://gallery.example/api" };
  await ghost.start({
    GHOST_APPS_DOMAIN: "apps.example",
    GHOST_EXTENSIONS_GALLERY: JSON.stringify(gallery),
  });
  const renewed = {
    GHOST_CAVE_NAME: "lair",
    GHOST_PORT_URL_TEMPLATE: `http://{port}--${id}.apps.example:${port}`,
    VSCODE_PROXY_URI: `http://{{port}}--${id}.apps.example:${port}/`,
    __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: ".apps.example",
    EXTENSIONS_GALLERY: JSON.stringify(gallery),
  };
  // It was not touched while the gateway was away …
  await expect.poll(() => variablesIn("lair")).toMatchObject(renewed);
  // … and holds nothing from when its container was made.
  await ghost.client.caves.restart({ params: { cave: "lair" } });
  expect(await variablesIn("lair")).toMatchObject(renewed);
  await ghost.client.caves.patch({ params: { cave: "lair" }, body: { name: "den" } });
  expect(await variablesIn("den")).toMatchObject({ ...renewed, GHOST_CAVE_NAME: "den" });
});
