/**
 * Every error the API can answer, with its HTTP status and what to do about it. Codes are never renamed; docs/api.md lists them.
 */
export const errors = {
  bad_request: { status: 400, hint: "Check the request against /docs." },
  malformed_json: { status: 400, hint: "Send one valid JSON object with Content-Type: application/json." },
  unauthenticated: { status: 401, hint: "Send `Authorization: Bearer ghost_…`, or sign in." },
  sign_in_expired: {
    status: 401,
    hint: "Get a fresh sign-in URL with `npm run up` or `ghost serve --sign-in-url`.",
  },
  ticket_refused: { status: 401, hint: "Open the surface again, from the dashboard or with `ghost open`." },
  forbidden: { status: 403, hint: "Use a token that has the scope named in `details`." },
  cross_site: { status: 403, hint: "Call the API from its own origin, or with a bearer token." },
  not_found: { status: 404, hint: "See /docs for the endpoints there are." },
  cave_not_found: { status: 404, hint: "List your caves with `ghost list`." },
  token_not_found: { status: 404, hint: "List your tokens with `ghost tokens list`." },
  user_not_found: { status: 404, hint: "List the users with GET /v1/users." },
  secret_not_found: { status: 404, hint: "List your secrets with GET /v1/secrets." },
  process_not_found: { status: 404, hint: "List the cave's processes with GET …/processes." },
  terminal_not_found: { status: 404, hint: "Open a terminal with POST …/terminals." },
  link_not_found: { status: 404, hint: "List the port's links with GET …/ports/{port}/links." },
  file_not_found: { status: 404, hint: "Check the path; relative paths start at /workspace." },
  run_not_found: { status: 404, hint: "List your runs with GET /v1/runs; old ones are forgotten." },
  language_not_found: { status: 404, hint: "See GET /v1/languages for the languages there are." },
  image_not_found: { status: 404, hint: "Check the image's name, or pull or build it on the engine first." },
  backend_not_found: { status: 404, hint: "See GET /v1/backends for the backends there are." },
  method_not_allowed: { status: 405, hint: "See /docs for the methods of this path." },
  not_acceptable: { status: 406, hint: "Ask for one of the media types that /docs names." },
  request_timeout: { status: 408, hint: "Send the request faster, or in smaller pieces." },
  cave_name_taken: { status: 409, hint: "Choose another name, or leave it out to get one." },
  cave_state: { status: 409, hint: "Start the cave, or wait until it is ready." },
  surface_stopped: { status: 409, hint: "Open the surface first: that starts it." },
  user_name_taken: { status: 409, hint: "Choose another name." },
  idempotency_conflict: { status: 409, hint: "Use a new Idempotency-Key for a different request." },
  file_exists: { status: 409, hint: "Remove the target first, or choose another path." },
  file_kind: { status: 409, hint: "The path is of another kind than this operation needs." },
  cave_exited: {
    status: 409,
    hint: "The image must be able to keep a process running; read the cave's logs.",
  },
  file_changed: { status: 412, hint: "Read the file again, merge, and send its new ETag in If-Match." },
  payload_too_large: { status: 413, hint: "Send less at once, or use the streaming form of this endpoint." },
  uri_too_long: { status: 414, hint: "Shorten the path or the query." },
  unsupported_media_type: { status: 415, hint: "Send the media type that /docs names." },
  range_not_satisfiable: { status: 416, hint: "Ask for a range inside the file." },
  misdirected: { status: 421, hint: "Use the address in GHOST_URL." },
  invalid_input: { status: 422, hint: "Correct the fields named in `details`." },
  surface_unavailable: { status: 422, hint: "Use the image ghost/cave, which has every surface." },
  unsupported: { status: 422, hint: "See the backend's capabilities in GET /v1/backends." },
  file_denied: { status: 403, hint: "The cave's user may not touch this path." },
  working_directory: { status: 422, hint: "Give a `cwd` that exists in the cave." },
  image_building: { status: 503, hint: "The image is still being built; GET /v1/images says how far it is." },
  too_many_requests: { status: 429, hint: "Wait as long as Retry-After says." },
  limit_reached: { status: 429, hint: "Remove or stop something first; see the limits in the message." },
  executor_busy: { status: 429, hint: "Wait as long as Retry-After says; `details` has the queue's length." },
  internal: { status: 500, hint: "Look for the request id in the gateway's log." },
  cave_unreachable: { status: 502, hint: "The cave did not answer; `ghost restart` it if that goes on." },
  language_not_built: { status: 503, hint: "Build the language's image with the command in the message." },
  store_unavailable: { status: 503, hint: "Check the disk that holds GHOST_HOME." },
  backend_unavailable: { status: 503, hint: "Is the engine running? `ghost doctor` tells what is wrong." },
  shutting_down: { status: 503, hint: "Try again in a few seconds." },
  timeout: { status: 504, hint: "Try again with a longer timeout." },
  disk_full: { status: 507, hint: "Free some space in the cave or on the host." },
} as const satisfies Record<string, { status: number; hint: string }>;

export type ErrorCode = keyof typeof errors;

/** What every failed request answers. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; hint: string; details?: unknown; requestId?: string };
}
