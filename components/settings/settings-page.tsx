"use client";
import { useQuery } from "@tanstack/react-query";
import { Monitor, Moon, Sun } from "lucide-react";
import { absolute } from "../lib/time.ts";
import { may, meQuery } from "../session/api.ts";
import { setTheme, themes, useTheme } from "../theme/theme.ts";
import { Badge } from "../ui/badge.tsx";
import { ChoiceCards } from "../ui/choice-cards.tsx";
import { Card, Page, Section } from "../ui/page.tsx";
import { Users } from "./users.tsx";

const icons = { system: Monitor, dark: Moon, light: Sun };

export function SettingsPage() {
  const { data: me } = useQuery(meQuery);
  const theme = useTheme();
  return (
    <Page title="Settings">
      <Section title="Appearance" lead="Kept in this browser.">
        <ChoiceCards
          label="Theme"
          className="max-w-md"
          value={theme}
          onChange={setTheme}
          choices={themes.map(({ value, label }) => {
            const Icon = icons[value];
            return {
              value,
              content: (
                <span className="flex items-center gap-2.5">
                  <Icon className="size-4 text-dim" aria-hidden />
                  {label}
                </span>
              ),
            };
          })}
        />
      </Section>
      {me && (
        <Section title="Account">
          <Card>
            <dl className="grid grid-cols-[8rem_1fr] gap-y-2.5 px-4 py-3.5">
              <dt className="text-dim">Name</dt>
              <dd className="font-medium">{me.user.name}</dd>
              <dt className="text-dim">Role</dt>
              <dd>{me.user.role}</dd>
              <dt className="text-dim">Rights</dt>
              <dd className="flex flex-wrap gap-1">
                {me.scopes.map((scope) => (
                  <Badge key={scope}>{scope}</Badge>
                ))}
              </dd>
              {me.expiresAt !== undefined && (
                <>
                  <dt className="text-dim">Session until</dt>
                  <dd>{absolute(me.expiresAt)}</dd>
                </>
              )}
            </dl>
          </Card>
        </Section>
      )}
      {may(me, "admin") && <Users me={me?.user.name} />}
    </Page>
  );
}
