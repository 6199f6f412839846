/** One line of `ghost doctor`. */
export interface Finding {
  readonly check: string;
  readonly level: "ok" | "warn" | "fail";
  /** One sentence. */
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

export const ok = (check: string, says: string): Finding => ({ check, level: "ok", says });
export const warn = (check: string, says: string, todo: string): Finding => ({
  check,
  level: "warn",
  says,
  todo,
});
export const fail = (check: string, says: string, todo: string): Finding => ({
  check,
  level: "fail",
  says,
  todo,
});
