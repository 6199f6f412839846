"use client";
import { useQuery } from "@tanstack/react-query";
import { Ghost } from "lucide-react";
import Link from "next/link";
import { useEffect } from "react";
import { may, meQuery } from "../session/api.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/states.tsx";

/** At the address of a cave that is not there. */
export function NoCave({ name }: { name: string }) {
  const { data: me } = useQuery(meQuery);
  useEffect(() => {
    document.title = `No cave ${name} · Ghost`;
  }, [name]);
  return (
    <div role="alert" className="grid h-full place-items-center">
      <EmptyState
        icon={<Ghost aria-hidden />}
        title={`There is no cave ${name}`}
        level={1}
        actions={
          <>
            <Button asChild size="lg" kind="primary">
              <Link href="/">All caves</Link>
            </Button>
            {may(me, "caves:write") && (
              <Button asChild size="lg">
                <Link href={`/?new&name=${name}`}>Make one of this name …</Link>
              </Button>
            )}
          </>
        }
      >
        It may have been deleted or renamed, or it belongs to somebody else.
      </EmptyState>
    </div>
  );
}
