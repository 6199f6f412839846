"use client";
import { Bell } from "lucide-react";
import { createStore, useStore } from "../lib/store.ts";
import { absolute, ago } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { useCommands } from "../palette/store.ts";
import { useShortcuts } from "../shortcuts/shortcuts.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { clearNotices, notices, readNotices } from "../ui/notices.ts";
import { Popover } from "../ui/popover.tsx";
import { noticeIcons, NoticeText } from "../ui/toast.tsx";

const open = createStore(false);
const show = (shown: boolean) => {
  open.set(shown);
  readNotices();
};
const keys = "g n";

/** The last things that were told, newest first: what went by in the corner is still here. */
export function Notifications() {
  const { kept, unread } = useStore(notices);
  const run = () => show(true);
  useShortcuts([{ keys, does: "Notifications", group: "Everywhere", run }]);
  useCommands([
    { id: "notifications", name: "Notifications", group: "Pages", keys, words: "inbox messages errors", run },
  ]);
  return (
    <Popover
      label="Notifications"
      align="end"
      open={useStore(open)}
      onOpenChange={show}
      className="flex max-h-[min(32rem,80vh)] w-[min(24rem,calc(100vw-1rem))] flex-col p-0!"
      trigger={
        <IconButton
          label={unread === 0 ? "Notifications" : `Notifications, ${unread} new`}
          keys={keys}
          className="relative"
        >
          <Bell />
          {unread > 0 && (
            <span
              aria-hidden
              className="absolute top-0.5 right-0.5 size-2 rounded-full border border-surface bg-accent"
            />
          )}
        </IconButton>
      }
    >
      <div className="flex h-10 shrink-0 items-center justify-between border-b border-line-strong pr-2 pl-3">
        <h2 className="text-sm font-semibold">Notifications</h2>
        {kept.length > 0 && (
          <Button size="sm" kind="quiet" onClick={clearNotices}>
            Clear
          </Button>
        )}
      </div>
      {kept.length === 0 ? (
        <p className="px-4 py-8 text-center text-sm text-dim">
          Nothing yet. What happens while you work here is kept until you load the page again.
        </p>
      ) : (
        <Kept />
      )}
    </Popover>
  );
}

function Kept() {
  const { kept } = useStore(notices);
  const now = useNow();
  return (
    <ul aria-label="Notifications" tabIndex={0} className="min-h-0 overflow-y-auto">
      {kept.toReversed().map((notice) => (
        <li
          key={notice.id}
          className="flex gap-2.5 border-b border-line px-3 py-2.5 last:border-0 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0"
        >
          {noticeIcons[notice.tone]}
          <div className="min-w-0 grow">
            <NoticeText notice={notice} />
          </div>
          <time
            dateTime={new Date(notice.at).toISOString()}
            title={absolute(new Date(notice.at).toISOString())}
            className="shrink-0 text-xs whitespace-nowrap text-faint"
          >
            {ago(new Date(notice.at).toISOString(), now)}
          </time>
        </li>
      ))}
    </ul>
  );
}
