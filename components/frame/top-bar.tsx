"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BookOpen, CircleHelp, LogOut, Monitor, Moon, Search, Sun } from "lucide-react";
import { openPalette } from "../palette/store.ts";
import { meQuery, signOut } from "../session/api.ts";
import { openShortcuts } from "../shortcuts/shortcuts.ts";
import { setTheme, themes, useTheme } from "../theme/theme.ts";
import { IconButton } from "../ui/button.tsx";
import { Keys } from "../ui/kbd.tsx";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine, MenuLink } from "../ui/menu.tsx";
import { toastError } from "../ui/toast.tsx";
import { CaveSwitcher } from "./cave-switcher.tsx";
import { Notifications } from "./notifications.tsx";

export function TopBar() {
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-surface px-2 sm:px-3">
      <CaveSwitcher />
      <div className="flex min-w-0 grow justify-end sm:justify-center">
        <button
          type="button"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={openPalette}
          className="flex h-7 min-w-0 items-center gap-2 rounded-md border border-line-strong bg-canvas px-2.5 text-sm text-faint hover:border-control hover:text-dim max-sm:border-transparent max-sm:bg-transparent sm:w-80"
        >
          <Search className="size-3.5 shrink-0" aria-hidden />
          <span className="truncate max-sm:sr-only">Search or run a command</span>
          <span className="ml-auto max-sm:hidden">
            <Keys keys="mod+k" />
          </span>
        </button>
      </div>
      <Notifications />
      <ThemeMenu />
      <AccountMenu />
    </header>
  );
}

function ThemeMenu() {
  const theme = useTheme();
  const Icon = { system: Monitor, dark: Moon, light: Sun }[theme];
  return (
    <Menu
      trigger={
        <IconButton label="Theme">
          <Icon />
        </IconButton>
      }
    >
      <MenuChoice label="Theme" value={theme} onChange={setTheme} options={themes} />
    </Menu>
  );
}

function AccountMenu() {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const name = me?.user.name ?? "";
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account: ${name}`}
          className="grid size-6 shrink-0 place-items-center rounded-full bg-active text-xs font-semibold text-ink uppercase hover:brightness-110 pointer-coarse:size-9"
        >
          {name.slice(0, 1)}
        </button>
      }
    >
      <MenuLabel>
        {name} · {me?.user.role}
      </MenuLabel>
      <MenuItem icon={<CircleHelp aria-hidden />} keys="?" onSelect={openShortcuts}>
        Shortcuts
      </MenuItem>
      <MenuLink href="/docs" icon={<BookOpen aria-hidden />}>
        API
      </MenuLink>
      <MenuLine />
      <MenuItem
        icon={<LogOut aria-hidden />}
        onSelect={() =>
          void signOut(client).catch((error: unknown) => toastError(error, "You are still signed in"))
        }
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}
