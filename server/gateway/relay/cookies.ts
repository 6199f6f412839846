/** A `Cookie` header without the cookies that are not meant for the target; every other byte stays as it was. Undefined when nothing is left. */
export function withoutCookies(header: string, drop: (name: string) => boolean): string | undefined {
  // Only `;` separates, also inside quotes: a cookie that a page set to `"` cannot wrap ours into its own value.
  const pairs = header.split(";");
  const kept = pairs.filter((pair) => !isDropped(pair, drop));
  if (kept.length === pairs.length) return header;
  const rest = kept.join(";").replace(/^[ \t]+/, "");
  return rest.trim() === "" ? undefined : rest;
}

const domain = /^\s*domain\s*(=|$)/i;
const domainOrScope = /^\s*(domain|samesite|secure|partitioned)\s*(=|$)/i;

/**
 * A `Set-Cookie` header without `Domain`, so that it stays on its host; undefined when it would set a cookie that is ours. In a frame it is one of the
 * frame's partition: others are not kept there, and one that is has nothing to fear from `SameSite=None`.
 */
export function safeSetCookie(
  header: string,
  drop: (name: string) => boolean,
  framed = false,
): string | undefined {
  const [pair = "", ...attributes] = header.split(";");
  if (isDropped(pair, drop)) return undefined;
  const kept = attributes.filter((attribute) => !(framed ? domainOrScope : domain).test(attribute));
  return [pair, ...kept, ...(framed ? [" Secure", " SameSite=None", " Partitioned"] : [])].join(";");
}

/**
 * A cookie without a name, `=__Host-x=1`, is sent back as `__Host-x=1`: it counts as what it would be read as. So does one without `=`.
 */
function isDropped(pair: string, drop: (name: string) => boolean): boolean {
  const text = pair.replace(/^[\s=]+/, "");
  const equals = text.indexOf("=");
  return drop((equals === -1 ? text : text.slice(0, equals)).trim());
}
