"use client";
import "../../viewers/lib/disposal.ts";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { isCode } from "../lib/api.ts";
import { GhostError } from "../lib/api.ts";
import { meQuery, sessionEnded } from "../session/api.ts";
import { noticeEngine } from "../system/api/backends.ts";
import { useTheme } from "../theme/theme.ts";
import { Toasts } from "../ui/toast.tsx";
import { TipProvider } from "../ui/tooltip.tsx";

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  // So that every page follows the system, also those before the sign-in.
  useTheme();
  return (
    <QueryClientProvider client={client}>
      <TipProvider>
        {children}
        <Toasts />
      </TipProvider>
    </QueryClientProvider>
  );
}

function newClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: {
      queries: {
        retry: (count, error) => count < 2 && mayPass(error),
        refetchOnWindowFocus: false,
        staleTime: 15_000,
      },
    },
  });
  /** A session that ended under an open page is told on that page, once; and so is an engine that went away. */
  function notice(error: unknown): void {
    if (isCode(error, "unauthenticated") && client.getQueryData(meQuery.queryKey) !== undefined)
      sessionEnded.set(true);
    noticeEngine(client, error);
  }
  return client;
}

/** What another try may mend: no answer at all, or a server that is starting. */
const mayPass = (error: unknown): boolean =>
  error instanceof GhostError && (error.code === "unreachable" || error.code === "shutting_down");
