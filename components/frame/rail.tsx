"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cx } from "../lib/cx.ts";
import { may, meQuery } from "../session/api.ts";
import { Tip } from "../ui/tooltip.tsx";
import { GhostMark } from "./ghost-mark.tsx";
import { placeOf, places, type Place } from "./places.ts";

/** The pages. On a phone it is the bar at the bottom. */
export function Rail() {
  const { data: me } = useQuery(meQuery);
  const here = placeOf(usePathname());
  const shown = places.filter(({ scope }) => scope === undefined || may(me, scope));
  return (
    <nav
      aria-label="Pages"
      className="flex shrink-0 border-line bg-surface max-sm:order-last max-sm:border-t sm:w-12 sm:flex-col sm:items-center sm:border-r sm:py-1"
    >
      <Link
        href="/"
        aria-label="Ghost"
        className="mb-1 hidden size-10 place-items-center rounded-md sm:grid"
        tabIndex={-1}
      >
        <GhostMark className="size-5 text-accent" />
      </Link>
      {shown.map((place) => (
        <RailLink key={place.href} place={place} current={place === here} />
      ))}
    </nav>
  );
}

function RailLink({
  place: { href, name, icon: Icon, keys, foot },
  current,
}: {
  place: Place;
  current: boolean;
}) {
  return (
    <Tip text={name} keys={keys} side="right">
      <Link
        href={href}
        aria-label={name}
        aria-current={current ? "page" : undefined}
        className={cx(
          "relative grid place-items-center rounded-md text-faint hover:bg-hover hover:text-ink",
          "max-sm:h-14 max-sm:grow max-sm:content-center max-sm:gap-0.5 sm:size-9 sm:not-first:mt-0.5",
          current && "bg-hover text-ink",
          foot && "sm:mt-auto!",
        )}
      >
        <Icon className="size-[18px]" strokeWidth={1.75} aria-hidden />
        <span className="text-[11px] sm:hidden" aria-hidden>
          {name}
        </span>
      </Link>
    </Tip>
  );
}
