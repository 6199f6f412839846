"use client";
import { useStore } from "../lib/store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Keys } from "../ui/kbd.tsx";
import { shortcuts, shortcutsOpen } from "./shortcuts.ts";

export function ShortcutsDialog() {
  const open = useStore(shortcutsOpen);
  const all = useStore(shortcuts);
  const groups = [...new Set(all.map(({ group }) => group))];
  return (
    <Dialog open={open} onOpenChange={shortcutsOpen.set} title="Shortcuts" reading>
      <div className="grid gap-5">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1 text-xs text-faint">{group}</h3>
            <dl className="grid">
              {all
                .filter((one) => one.group === group)
                .map((one) => (
                  <div
                    key={`${one.keys} ${one.does}`}
                    className="flex h-8 items-center justify-between border-b border-line last:border-0"
                  >
                    <dt className="text-sm">{one.does}</dt>
                    <dd>
                      <Keys keys={one.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
