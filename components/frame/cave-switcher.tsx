"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, List } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { cavesQuery } from "../caves/api/list-caves.ts";
import { useCaveName } from "../caves/use-cave-name.ts";
import { openPalette } from "../palette/store.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../ui/menu.tsx";
import { StateDot, stateWords } from "../ui/state-dot.tsx";
import { placeOf } from "./places.ts";

/** Where one is, and the way to the caves that were used last. */
export function CaveSwitcher() {
  const router = useRouter();
  const name = useCaveName();
  const place = placeOf(usePathname());
  const { data: caves = [] } = useQuery(cavesQuery);
  const recent = [...caves].sort((a, b) => b.lastActivity.at.localeCompare(a.lastActivity.at)).slice(0, 9);
  const here = caves.find((cave) => cave.name === name || cave.id === name);
  return (
    <Menu
      align="start"
      trigger={
        <Button kind="quiet" className="min-w-0 text-ink!">
          <span className="sr-only">Switch cave, now at</span>
          {name !== undefined && <span className="text-faint max-sm:hidden">Caves</span>}
          {name !== undefined && <span className="text-ghost max-sm:hidden">/</span>}
          {here && <StateDot state={here.state} />}
          <span className="truncate font-medium">{here?.name ?? name ?? place?.name}</span>
          <ChevronDown className="text-faint" aria-hidden />
        </Button>
      }
    >
      <MenuLabel>{recent.length > 0 ? "Used last" : "No caves yet"}</MenuLabel>
      {recent.map((cave) => (
        <MenuItem
          key={cave.id}
          icon={<StateDot state={cave.state} />}
          onSelect={() => router.push(`/caves/${cave.name}`)}
        >
          <span className="flex items-center justify-between gap-6">
            <span>{cave.name}</span>
            <span className="text-xs text-faint">{stateWords[cave.state]}</span>
          </span>
        </MenuItem>
      ))}
      <MenuLine />
      {caves.length > recent.length && <MenuItem onSelect={openPalette}>Find another …</MenuItem>}
      <MenuItem icon={<List aria-hidden />} keys="g c" onSelect={() => router.push("/")}>
        All caves
      </MenuItem>
    </Menu>
  );
}
