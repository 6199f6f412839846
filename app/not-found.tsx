import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        title="There is nothing at this address"
        actions={
          <Button asChild>
            <Link href="/">All caves</Link>
          </Button>
        }
      >
        The page may have moved, or the address has a slip in it.
      </EmptyState>
    </main>
  );
}
