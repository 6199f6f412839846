/** Something went wrong that a person can do something about: `message` says what, `hint` says what to do. */
export class Failure extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Failure";
    this.hint = hint;
  }
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
