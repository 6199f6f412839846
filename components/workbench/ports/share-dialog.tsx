"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { absolute, longSpan } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { ErrorNote } from "../../ui/states.tsx";
import { linksQuery } from "./api.ts";

const day = 86_400_000;
const spans = [
  { value: String(3_600_000), label: "One hour" },
  { value: String(day), label: "One day" },
  { value: String(7 * day), label: "A week" },
  { value: String(30 * day), label: "30 days" },
] as const;

/** Links that open a port without an account, until they expire or are revoked. */
export function ShareDialog({
  cave,
  port,
  onClose,
}: {
  cave: string;
  port: number | undefined;
  onClose: () => void;
}) {
  if (port === undefined) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Links to port ${port}`}
      description="Whoever has a link may use the app on this port, and nothing else of the cave."
    >
      <Links key={port} cave={cave} port={port} />
    </Dialog>
  );
}

function Links({ cave, port }: { cave: string; port: number }) {
  const client = useQueryClient();
  const links = useQuery(linksQuery(cave, port));
  const [span, setSpan] = useState<string>(spans[1].value);
  const now = useNow(60_000);
  const again = () => client.invalidateQueries({ queryKey: ["ports", cave] });
  const make = useMutation({
    mutationFn: () => api.ports.createLink({ params: { cave, port }, body: { expiresInMs: Number(span) } }),
    onSuccess: again,
  });
  const revoke = useMutation({
    mutationFn: (id: string) => api.ports.revokeLink({ params: { cave, port, id } }),
    onSuccess: again,
  });
  const error = make.error ?? revoke.error ?? links.error;
  return (
    <div className="grid gap-4 pb-2">
      <div className="flex items-end gap-2">
        <Field label="Good for" className="grow">
          {(control) => <Select {...control} value={span} onChange={setSpan} options={spans} />}
        </Field>
        <Button kind="primary" size="lg" busy={make.isPending} onClick={() => make.mutate()}>
          Make a link
        </Button>
      </div>
      {make.data && (
        <div className="flex items-center gap-1 rounded-md border border-accent/40 bg-accent-wash p-2">
          <Input
            readOnly
            aria-label="The new link"
            value={make.data.url}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton label="Copy the link" text={make.data.url} />
        </div>
      )}
      {make.data && <p className="-mt-3 text-xs text-dim">It is shown this once.</p>}
      {error !== null && <ErrorNote error={error} />}
      <ul aria-label="Links" className="grid">
        {links.data?.map(({ id, createdAt, expiresAt }) => (
          <li key={id} className="flex h-9 items-center gap-2 border-b border-line text-sm last:border-0">
            <span className="grow" title={absolute(expiresAt)}>
              {now > 0 ? `ends in ${longSpan(Date.parse(expiresAt) - now)}` : ""}
              <span className="ml-2 text-xs text-faint">made {absolute(createdAt)}</span>
            </span>
            <Button
              size="sm"
              kind="quiet"
              busy={revoke.isPending && revoke.variables === id}
              onClick={() => revoke.mutate(id)}
            >
              Revoke
            </Button>
          </li>
        ))}
        {links.data?.length === 0 && (
          <li className="py-2 text-sm text-faint">No link is good at the moment.</li>
        )}
      </ul>
    </div>
  );
}
