import type { Metadata } from "next";
import Link from "next/link";
import { GhostMark } from "#components/frame/ghost-mark.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";

export const metadata: Metadata = { title: "Nothing here" };

/** What the gateway answers a browser with at an address that nothing is at. */
export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={<GhostMark className="size-9! text-accent" />}
        title="There is nothing at this address"
        level={1}
        actions={
          <Button asChild size="lg" kind="primary">
            <Link href="/">All caves</Link>
          </Button>
        }
      >
        The page may have moved, or the address has a slip in it.
      </EmptyState>
    </main>
  );
}
