import { createStore } from "../lib/store.ts";

/** Something that was told: in the corner for a while, and then among the last ones that are kept. */
export interface Notice {
  readonly id: number;
  /** In the corner, one with the key of another takes its place. */
  readonly key: string;
  readonly tone: "info" | "ok" | "danger";
  readonly title: string;
  readonly detail?: string;
  readonly action?: { label: string; run: () => void };
  /** When it was told last, and how often in a row. */
  readonly at: number;
  readonly times: number;
}

export interface Notices {
  /** Oldest first. */
  readonly kept: readonly Notice[];
  /** Which of them stand in the corner. */
  readonly shown: readonly number[];
  readonly unread: number;
}

export type Told = Pick<Notice, "title" | "detail" | "action"> & Partial<Pick<Notice, "key" | "tone">>;

const mostKept = 50;
const mostShown = 3;
/** What is told again within this time is the same news. */
const sameMs = 300_000;

export const none: Notices = { kept: [], shown: [], unread: 0 };

/** With one more. In the corner what failed stays, and news makes room; nothing of it is lost. */
export function withNotice({ kept, shown, unread }: Notices, told: Told, at: number): Notices {
  const { title, detail, tone = "info", action } = told;
  const key = told.key ?? `${tone} ${title} ${detail ?? ""}`;
  const same = kept.find(
    (one) => one.key === key && one.title === title && one.detail === detail && at - one.at < sameMs,
  );
  const next: Notice = {
    // The last one that was told may be an old one that was told again.
    ...{
      id: same?.id ?? Math.max(0, ...kept.map(({ id }) => id)) + 1,
      key,
      tone,
      title,
      at,
      times: (same?.times ?? 0) + 1,
    },
    ...(detail !== undefined && { detail }),
    ...(action && { action }),
  };
  const others = kept.filter((one) => one !== same);
  const corner = others.filter((one) => shown.includes(one.id) && one.key !== key);
  while (corner.length >= mostShown) {
    const first = corner.findIndex((one) => one.tone !== "danger");
    corner.splice(Math.max(0, first), 1);
  }
  return {
    kept: [...others, next].slice(-mostKept),
    shown: [...corner, next].map(({ id }) => id),
    unread: Math.min(mostKept, unread + 1),
  };
}

export const notices = createStore<Notices>(none);

export const hideNotice = (id: number): void =>
  notices.set((now) => ({ ...now, shown: now.shown.filter((one) => one !== id) }));

export const readNotices = (): void =>
  notices.set((now) => (now.unread === 0 && now.shown.length === 0 ? now : { ...now, shown: [], unread: 0 }));

export const clearNotices = (): void => notices.set(none);
