import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/paths.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import { errors } from "#contract/errors.ts";
import { api } from "#contract/index.ts";
import { errorsOf, openApi } from "#contract/openapi.ts";
import { scopes } from "#contract/scopes.ts";

/** docs/api.md and docs/openapi.json follow from the contract. `--check` fails when they do not. */
const version = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
const files = {
  "docs/api.md": reference(),
  "docs/openapi.json": `${JSON.stringify(openApi(api, { version }), null, 2)}\n`,
};

const stale = Object.entries(files).filter(([name, text]) => read(name) !== text);
if (process.argv.includes("--check")) {
  for (const [name] of stale)
    console.error(`${name} does not match the contract. Run: node scripts/generate-docs.ts`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of stale) writeFileSync(join(root, name), text);
}

function read(name: string): string | undefined {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    return undefined;
  }
}

function reference(): string {
  const all = Object.values(api).flatMap((group) => Object.values(group as Record<string, Endpoint>));
  const tags = [...new Set(all.map(({ tag }) => tag))];
  return `# API

Written from \`contract/\` by \`scripts/generate-docs.ts\`. The same as OpenAPI 3.1: [openapi.json](openapi.json), served at \`/v1/openapi.json\`;
to try it: \`/docs\`.

Send \`Authorization: Bearer ghost_…\`, or have a session's cookie. \`{cave}\` is a cave's id or name. Times are ISO 8601 in UTC, sizes are bytes
unless the name says otherwise, durations are milliseconds. Unknown keys are an error. A failed request answers

\`\`\`json
{ "error": { "code": "cave_not_found", "message": "There is no cave den.", "hint": "…", "details": {}, "requestId": "…" } }
\`\`\`

with a code from the list below, which never changes its meaning. A stream of server-sent events that fails ends with an event \`error\` whose data is
the same \`error\`.

## Scopes

| Scope | What a token with it may do |
| --- | --- |
${Object.entries(scopes)
  .map(([name, what]) => `| \`${name}\` | ${what} |`)
  .join("\n")}

${tags
  .map((tag) =>
    section(
      tag,
      all.filter((one) => one.tag === tag),
    ),
  )
  .join("\n\n")}

## Errors

| Code | Status | What to do |
| --- | --- | --- |
${Object.entries(errors)
  .map(([code, { status, hint }]) => `| \`${code}\` | ${status} | ${cell(hint)} |`)
  .join("\n")}
`;
}

function section(tag: string, endpoints: Endpoint[]): string {
  return `## ${tag}\n\n${endpoints.map(entry).join("\n\n")}`;
}

function entry(endpoint: Endpoint): string {
  const { method, path, summary, description, access, query, headers, body, answer, status } = endpoint;
  const names = Object.entries(query.shape).map(([name, field]) => ({
    name,
    about: (field as { description?: string }).description,
  }));
  const about = [
    description,
    `- Access: ${access === "public" ? "public" : access === "signed-in" ? "any token or session" : `\`${access}\``}`,
    names.length > 0 &&
      `- Query: ${names.map(({ name, about }) => `\`${name}\`${about === undefined ? "" : ` (${about})`}`).join(", ")}`,
    headers.length > 0 && `- Headers: ${headers.map((name) => `\`${name}\``).join(", ")}`,
    body.some(({ kind }) => kind !== "none") &&
      `- Body: ${body.map((one) => (one.kind === "json" ? "JSON" : one.kind === "bytes" ? `\`${one.type}\`` : "")).join(" or ")}`,
    `- Answers ${status}: ${answer.map(answerText).join(", or ")}`,
    `- Errors: ${errorsOf(endpoint)
      .map((code) => `\`${code}\``)
      .join(", ")}`,
  ].filter((line) => typeof line === "string");
  const [first = "", ...rest] = about;
  const text = description === undefined ? about.join("\n") : `${first}\n\n${rest.join("\n")}`;
  return `### \`${method.toUpperCase()} ${path}\`\n\n${summary}.\n\n${text}`;
}

function answerText(answer: Endpoint["answer"][number]): string {
  switch (answer.kind) {
    case "json":
      return "JSON";
    case "none":
      return "nothing";
    case "text":
    case "bytes":
      return `\`${answer.type.split(";", 1)[0] ?? ""}\``;
    case "events":
      return `events ${Object.keys(answer.events)
        .map((name) => `\`${name}\``)
        .join(", ")}`;
    case "socket":
      return "a WebSocket";
  }
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
