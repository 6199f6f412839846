/**
 * Permission bits for a query: its value is read as octal digits, so 0o755 travels as the number 755. Modes without any right for the owner
 * have fewer digits than that takes and are left to the cave.
 */
export function modeQuery(mode: number): { mode?: number } {
  const digits = Number((mode & 0o777).toString(8));
  return digits >= 100 ? { mode: digits } : {};
}
