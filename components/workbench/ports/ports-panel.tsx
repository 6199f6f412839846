"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AppWindow, ExternalLink, Globe, Link2, Lock, Plug } from "lucide-react";
import { useState } from "react";
import { isChosen } from "../../caves/chosen-ports.ts";
import { api } from "../../lib/api.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { toastError } from "../../ui/toast.tsx";
import { useWorkbench, type PanelProps } from "../workbench-context.ts";
import { portsQuery } from "./api.ts";
import { ShareDialog } from "./share-dialog.tsx";
import type { CavePort, PortVisibility } from "#contract/surfaces.ts";

const visibilities = {
  private: { label: "Private", icon: Lock, tone: "neutral" },
  link: { label: "By link", icon: Link2, tone: "accent" },
  public: { label: "Public", icon: Globe, tone: "warn" },
} as const;

/** What listens in the cave, and who may see it. */
export function PortsPanel(_: PanelProps) {
  const { cave, preview, open } = useWorkbench();
  const client = useQueryClient();
  const listening = cave.ports.map(({ port, pid }) => `${port}/${pid ?? ""}`).join(" ");
  const ports = useQuery(portsQuery(cave.id, listening));
  const [sharing, setSharing] = useState<number>();
  const [asking, setAsking] = useState<number>();
  const [all, setAll] = useState(false);
  const share = useMutation({
    mutationFn: ({ port, visibility }: { port: number; visibility: PortVisibility }) =>
      api.ports.share({ params: { cave: cave.id, port }, body: { visibility } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["ports", cave.id] }),
    onError: (error, { port }) => toastError(error, `Port ${port} is as it was`),
  });
  const set = (port: CavePort, visibility: PortVisibility) => {
    if (visibility === port.visibility) return;
    if (visibility === "public") setAsking(port.port);
    else {
      share.mutate({ port: port.port, visibility });
      if (visibility === "link") setSharing(port.port);
    }
  };

  if (ports.error !== null && ports.data === undefined)
    return <ErrorState error={ports.error} onRetry={() => void ports.refetch()} />;
  if (ports.data === undefined)
    return (
      <div className="px-4">
        <SkeletonRows label="Loading ports" rows={3} />
      </div>
    );
  const shown = ports.data.filter((one) => all || isChosen(one) || one.visibility !== "private");
  const more = ports.data.length > shown.length && (
    <Button size="sm" kind="quiet" onClick={() => setAll(true)}>
      {ports.data.length - shown.length} more that programs use among themselves
    </Button>
  );
  if (shown.length === 0)
    return (
      <EmptyState
        icon={<Plug aria-hidden />}
        title="No app listens"
        actions={more || <Button onClick={() => open("terminal")}>Open a terminal</Button>}
      >
        A program that listens on a port in the cave appears here within a second, with an address of its own.
      </EmptyState>
    );
  return (
    <div className="@container h-full overflow-auto">
      <table aria-label="Ports" className="w-full border-collapse text-left text-sm">
        <thead className="sticky top-0 bg-surface text-xs text-faint">
          <tr className="border-b border-line [&>th]:h-8 [&>th]:px-2 [&>th]:font-medium @md:[&>th]:px-3">
            <th scope="col">Port</th>
            <th scope="col" className="max-@xs:hidden">
              Process
            </th>
            <th scope="col">Who may see it</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => {
            const { port, process, pid, visibility, listening, url } = one;
            const { icon: Icon, tone } = visibilities[visibility];
            return (
              <tr key={port} className="h-9 border-b border-line [&>td]:px-2 @md:[&>td]:px-3">
                <td className="figures">{port}</td>
                <td className="max-@xs:hidden">
                  {listening ? (
                    <>
                      {process ?? "unknown"}{" "}
                      {pid !== undefined && <span className="figures text-faint">{pid}</span>}
                    </>
                  ) : (
                    <span className="text-faint">nothing at the moment</span>
                  )}
                </td>
                <td>
                  <span className="flex items-center gap-2">
                    <Badge tone={tone}>
                      <Icon className="size-3" aria-hidden />
                      <select
                        aria-label={`Who may see port ${port}`}
                        value={visibility}
                        onChange={(event) => set(one, event.target.value as PortVisibility)}
                        className="bg-transparent text-xs text-inherit outline-offset-2 [&>option]:bg-raised [&>option]:text-ink"
                      >
                        {Object.entries(visibilities).map(([value, { label }]) => (
                          <option key={value} value={value}>
                            {label}
                          </option>
                        ))}
                      </select>
                    </Badge>
                    {visibility === "link" && (
                      <Button size="sm" kind="quiet" onClick={() => setSharing(port)}>
                        Links
                      </Button>
                    )}
                  </span>
                </td>
                <td>
                  <span className="flex justify-end">
                    <IconButton label={`Preview port ${port}`} size="sm" onClick={() => preview(port)}>
                      <AppWindow />
                    </IconButton>
                    <CopyButton label={`Copy the address of port ${port}`} text={url} />
                    <IconButton
                      label={`Open port ${port} in a tab`}
                      size="sm"
                      onClick={() => window.open(`/open/${port}/${cave.id}`, "_blank", "noopener")}
                    >
                      <ExternalLink />
                    </IconButton>
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="p-1.5">{more}</div>
      <ShareDialog cave={cave.id} port={sharing} onClose={() => setSharing(undefined)} />
      {asking !== undefined && (
        <Confirm
          title={`Make port ${asking} public?`}
          action="Make it public"
          onYes={() => share.mutateAsync({ port: asking, visibility: "public" })}
          onClose={() => setAsking(undefined)}
        >
          Everybody who can reach this Ghost may then use the app on it, without signing in, until you make it
          private again. To show it to a few people, share it by link instead: links end by themselves.
        </Confirm>
      )}
    </div>
  );
}
