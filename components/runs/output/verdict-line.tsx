"use client";
import { explain } from "../../lib/api.ts";
import { useStore } from "../../lib/store.ts";
import { useNow } from "../../lib/use-now.ts";
import { rich } from "../../ui/states.tsx";
import { session, type Session } from "../session/session.ts";
import { duration, figuresOf, sentenceOf } from "../session/verdict.ts";
import { VerdictMark } from "./verdict-mark.tsx";
import type { LanguageList } from "#contract/run.ts";

/** How it goes, and what came of it. It has the room of its longest from the start, so that nothing moves. */
export function VerdictLine({ list }: { list: LanguageList }) {
  const now = useStore(session);
  return (
    <div className="flex min-h-23 shrink-0 xl:min-h-19 flex-col gap-0.5 border-b border-line bg-surface px-3 py-2 text-sm">
      <p className="flex min-h-5 flex-wrap items-baseline gap-x-2" data-verdict>
        <First session={now} />
      </p>
      <p role="status" className="min-h-[17px] text-xs break-words text-dim">
        <Second session={now} list={list} />
      </p>
    </div>
  );
}

function First({ session: now }: { session: Session }) {
  switch (now.state) {
    case "none":
      return <span className="text-faint">Nothing has run yet</span>;
    case "sending":
      return <VerdictMark status="queued" className="self-center" />;
    case "refused":
      return <VerdictMark status="queued" className="self-center" />;
    case "live":
      return (
        <>
          <VerdictMark status={now.status} className="self-center" />
          <Elapsed since={now.since} />
        </>
      );
    case "over":
      return (
        <>
          <VerdictMark status={now.run.status} className="self-center" />
          <span className="figures text-dim">{figuresOf(now.run)}</span>
        </>
      );
    case "failed":
      return <VerdictMark status="internal_error" className="self-center" />;
  }
}

function Second({ session: now, list }: { session: Session; list: LanguageList }) {
  switch (now.state) {
    case "none":
      return "What the program writes appears here as it comes.";
    case "sending":
      return "On its way.";
    case "refused":
      return <Refused session={now} />;
    case "live":
      if (now.stopping) return "It is being ended.";
      if (!now.connected) return "The connection broke off. The run goes on; its output is taken up again.";
      if (now.status === "running") return "It runs.";
      if (now.position !== undefined) return `Number ${now.position} in the queue.`;
      return list.queued > 0
        ? `It waits for its turn; ${list.queued} wait in all.`
        : "It waits for a container.";
    case "over":
      return rich(sentenceOf(now.run));
    case "failed": {
      const { title, hint } = explain(now.error);
      return rich(`${title} ${hint}`.trim());
    }
  }
}

function Elapsed({ since }: { since: number }) {
  const seconds = Math.floor((useNow() - since) / 1000);
  return seconds < 1 ? null : (
    <span className="figures text-dim">{seconds < 60 ? `${seconds} s` : duration(seconds * 1000)}</span>
  );
}

function Refused({ session: { error, tryAt } }: { session: Extract<Session, { state: "refused" }> }) {
  const seconds = Math.ceil((tryAt - useNow()) / 1000);
  const { position } = (error.details ?? {}) as { position?: unknown };
  const place = typeof position === "number" ? ` You would be number ${position}.` : "";
  return `${error.message}${place} ${seconds > 0 ? `Sent again in ${seconds} s.` : "Sent again now."}`;
}
