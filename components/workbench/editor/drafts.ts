/** Text that was changed and not saved, when its editor went away with the cave, the page's layout or the phone's one panel. */
export interface Draft {
  readonly text: string;
  /** The version it began with, over which alone it may be written. */
  readonly etag: string;
}

const most = 20;
const drafts = new Map<string, Draft>();
const keyOf = (cave: string, path: string) => `${cave}\n${path}`;

const ask = (event: BeforeUnloadEvent) => event.preventDefault();

export function keepDraft(cave: string, path: string, draft: Draft): void {
  const key = keyOf(cave, path);
  drafts.delete(key);
  drafts.set(key, draft);
  const [oldest] = drafts.keys();
  if (drafts.size > most && oldest !== undefined) drafts.delete(oldest);
  addEventListener("beforeunload", ask);
}

/** Whoever takes it keeps it from then on. */
export function takeDraft(cave: string, path: string): Draft | undefined {
  const key = keyOf(cave, path);
  const found = drafts.get(key);
  drafts.delete(key);
  if (drafts.size === 0) removeEventListener("beforeunload", ask);
  return found;
}
