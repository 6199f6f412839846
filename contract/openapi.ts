import { z } from "zod";
import type { Answer, Endpoint } from "./endpoint.ts";
import { errors, type ErrorCode } from "./errors.ts";
import { scopes } from "./scopes.ts";

type Schema = Record<string, unknown>;
type Tables = Record<string, Record<string, Endpoint>>;

/** What any endpoint may answer, besides its own. */
const common: readonly ErrorCode[] = [
  "bad_request",
  "invalid_input",
  "internal",
  "shutting_down",
  "store_unavailable",
];
const withBody: readonly ErrorCode[] = ["malformed_json", "payload_too_large", "unsupported_media_type"];
const signedIn: readonly ErrorCode[] = ["unauthenticated", "forbidden", "too_many_requests"];

/** Every error that an endpoint may answer. */
export function errorsOf({ access, body, errors: own }: Endpoint): ErrorCode[] {
  const all = new Set<ErrorCode>([
    ...own,
    ...common,
    ...(body.some((one) => one.kind === "json") ? withBody : []),
    ...(access === "public" ? [] : signedIn),
  ]);
  return (Object.keys(errors) as ErrorCode[]).filter((code) => all.has(code));
}

/** The tables as an OpenAPI 3.1 document. The same tables always give the same text. */
export function openApi(tables: Tables, about: { version: string }): Schema {
  const components: Record<string, Schema> = { Error: errorSchema };
  const paths: Record<string, Record<string, Schema>> = {};
  for (const [group, endpoints] of Object.entries(tables)) {
    for (const [name, endpoint] of Object.entries(endpoints)) {
      (paths[endpoint.path] ??= {})[endpoint.method] = operation(`${group}.${name}`, endpoint, components);
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Ghost",
      version: about.version,
      description: "Caves: isolated environments for people and agents.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { session: [] }],
    tags: [
      ...new Set(Object.values(tables).flatMap((group) => Object.values(group).map((one) => one.tag))),
    ].map((name) => ({ name })),
    paths: sorted(paths),
    components: {
      schemas: sorted(components),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: `A token, \`ghost_…\`. Scopes: ${Object.entries(scopes)
            .map(([name, what]) => `\`${name}\` (${what})`)
            .join(", ")}.`,
        },
        session: { type: "apiKey", in: "cookie", name: "__Host-ghost_session" },
      },
    },
  };
}

function operation(id: string, endpoint: Endpoint, components: Record<string, Schema>): Schema {
  const { access, summary, description, tag, query, params } = endpoint;
  const toSchema = (schema: z.ZodType, io: "input" | "output") => jsonSchema(schema, io, components);
  const fields = (schema: z.ZodObject, where: string) => {
    const { properties = {}, required = [] } = toSchema(schema, "input") as {
      properties?: Record<string, Schema>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description: about, ...one }]) => ({
      name,
      in: where,
      required: where === "path" || (required.includes(name) && one["default"] === undefined),
      ...(about !== undefined && { description: about }),
      schema: one,
    }));
  };
  const parameters = [
    ...fields(params, "path"),
    ...fields(query, "query"),
    ...endpoint.headers.map((name) => ({ name, in: "header", schema: { type: "string" } })),
  ];
  const content = endpoint.body.flatMap((body): [string, Schema][] => {
    if (body.kind === "none") return [];
    return body.kind === "json"
      ? [["application/json", { schema: toSchema(body.schema, "input") }]]
      : [[body.type, {}]];
  });
  const scope =
    access === "public"
      ? "Public."
      : access === "signed-in"
        ? "Any token or session."
        : `Scope: \`${access}\`.`;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: description === undefined ? scope : `${description}\n\n${scope}`,
    ...(access === "public" && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(content.length > 0 && { requestBody: { required: true, content: Object.fromEntries(content) } }),
    responses: { ...success(endpoint, toSchema), ...failures(endpoint) },
  };
}

function success(
  { answer, status }: Endpoint,
  toSchema: (schema: z.ZodType, io: "output") => Schema,
): Schema {
  if (answer.some((one) => one.kind === "socket")) return { "101": { description: "A WebSocket" } };
  const content = answer.flatMap((one) => answerContent(one, toSchema));
  return {
    [status]: { description: "Success", ...(content.length > 0 && { content: Object.fromEntries(content) }) },
  };
}

function answerContent(
  answer: Answer,
  toSchema: (schema: z.ZodType, io: "output") => Schema,
): [string, Schema][] {
  switch (answer.kind) {
    case "json":
      return [["application/json", { schema: toSchema(answer.schema, "output") }]];
    case "text":
      return [[answer.type, { schema: { type: "string" } }]];
    case "bytes":
      return [[answer.type, {}]];
    case "events": {
      const names = Object.keys(answer.events).map((name) => `\`${name}\``);
      const description = `Server-sent events: ${names.join(", ")}, and \`error\` when the stream fails.`;
      return [["text/event-stream", { schema: { type: "string", description } }]];
    }
    case "none":
    case "socket":
      return [];
  }
}

function failures(endpoint: Endpoint): Schema {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(endpoint)) {
    const { status } = errors[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    ]),
  );
}

/** A schema with an id becomes a component, and all that use it refer to that. */
function jsonSchema(schema: z.ZodType, io: "input" | "output", components: Record<string, Schema>): Schema {
  const {
    $schema: _,
    $defs,
    ...json
  } = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }) as Schema & {
    $defs?: Record<string, Schema>;
  };
  for (const [name, definition] of Object.entries($defs ?? {}))
    components[name] = relocate(definition) as Schema;
  const name = schema.meta()?.id;
  if (name === undefined) return relocate(json) as Schema;
  components[name] ??= relocate(json) as Schema;
  return { $ref: `#/components/schemas/${name}` };
}

function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "id" || typeof (value as Schema)["id"] !== "string")
      .map(([name, one]) => [
        name,
        name === "$ref" ? String(one).replace("#/$defs/", "#/components/schemas/") : relocate(one),
      ]),
  );
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const errorSchema: Schema = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        code: { type: "string", enum: Object.keys(errors) },
        message: { type: "string" },
        hint: { type: "string", description: "What to do about it" },
        details: {},
        requestId: { type: "string" },
      },
      required: ["code", "message", "hint"],
    },
  },
  required: ["error"],
};
