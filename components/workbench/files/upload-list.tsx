"use client";
import { Check, CircleAlert, RotateCw, X } from "lucide-react";
import { explain } from "../../lib/api.ts";
import { useStore } from "../../lib/store.ts";
import { bytes } from "../../lib/units.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { nameOf } from "./paths.ts";
import { cancelAll, cancelUpload, forgetUploads, retryUpload, uploads, type Upload } from "./uploads.ts";

const mostShown = 50;

/** What is being sent into the cave, under the tree. */
export function UploadList({ cave }: { cave: string }) {
  const all = useStore(uploads).filter((one) => one.cave === cave);
  if (all.length === 0) return null;
  const running = all.filter(({ state }) => state === "waiting" || state === "sending");
  const there = all.filter(({ state }) => state === "there");
  const failed = all.filter(({ state }) => state === "failed").length + there.length;
  const sum = (part: "sent" | "size") => all.reduce((total, one) => total + one[part], 0);
  const order = { there: 0, failed: 1, sending: 2, waiting: 3, done: 4 };
  return (
    <section
      aria-label="Uploads"
      className="max-h-1/2 shrink-0 overflow-y-auto border-t border-line bg-raised"
    >
      <header className="sticky top-0 flex items-center gap-2 bg-raised px-3 py-1.5 text-xs">
        <span role="status" className="grow">
          {running.length > 0
            ? `Uploading ${running.length} of ${all.length}`
            : failed > 0
              ? `${failed} of ${all.length} not uploaded`
              : `${all.length} uploaded`}
          <span className="figures ml-2 text-faint">
            {running.length > 0 ? `${bytes(sum("sent"))} / ${bytes(sum("size"))}` : bytes(sum("size"))}
          </span>
        </span>
        {there.length > 1 && (
          <Button size="sm" onClick={() => there.forEach(({ key }) => retryUpload(key))}>
            Replace all
          </Button>
        )}
        {running.length > 0 ? (
          <Button size="sm" onClick={() => cancelAll(cave)}>
            Cancel all
          </Button>
        ) : (
          <Button size="sm" kind="quiet" onClick={() => forgetUploads(cave)}>
            Dismiss
          </Button>
        )}
      </header>
      <ul>
        {[...all]
          .sort((a, b) => order[a.state] - order[b.state])
          .slice(0, mostShown)
          .map((one) => (
            <Line key={one.key} upload={one} />
          ))}
      </ul>
    </section>
  );
}

function Line({ upload: { key, path, size, sent, state, error } }: { upload: Upload }) {
  const share = size === 0 ? 1 : sent / size;
  const name = nameOf(path);
  return (
    <li className="px-3 py-1 text-xs" title={path}>
      <div className="flex items-center gap-2">
        {state === "done" && <Check className="size-3.5 text-ok" aria-label="Done" />}
        {state === "there" && <CircleAlert className="size-3.5 text-warn" aria-label="There already" />}
        {state === "failed" && <CircleAlert className="size-3.5 text-danger" aria-label="Failed" />}
        <span className="grow truncate">{name}</span>
        {state === "sending" && <span className="figures text-faint">{Math.floor(share * 100)} %</span>}
        {state === "waiting" && <span className="text-faint">waiting</span>}
        {state === "failed" && (
          <IconButton label={`Try ${name} again`} size="sm" onClick={() => retryUpload(key)}>
            <RotateCw />
          </IconButton>
        )}
        {state === "there" && (
          <>
            <Button size="sm" onClick={() => retryUpload(key)} aria-label={`Replace ${name}`}>
              Replace
            </Button>
            <IconButton label={`Leave ${name} as it is`} size="sm" onClick={() => cancelUpload(key)}>
              <X />
            </IconButton>
          </>
        )}
        {(state === "sending" || state === "waiting") && (
          <IconButton label={`Cancel ${name}`} size="sm" onClick={() => cancelUpload(key)}>
            <X />
          </IconButton>
        )}
      </div>
      {state === "sending" && (
        <div
          role="progressbar"
          aria-label={`Upload of ${name}`}
          aria-valuenow={Math.floor(share * 100)}
          className="mt-1 h-0.5 overflow-hidden rounded-full bg-active"
        >
          <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
        </div>
      )}
      {state === "there" && <p className="text-dim">There is one already. Nothing was changed.</p>}
      {state === "failed" && <p className="text-danger">{explain(error).title}</p>}
    </li>
  );
}
