"use client";
import * as Radix from "@radix-ui/react-dropdown-menu";
import { Check } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { createPortal } from "react-dom";
import { cx } from "../lib/cx.ts";
import { Keys } from "./kbd.tsx";
import { usePortal } from "./portal.ts";

interface MenuProps {
  trigger: ReactNode;
  align?: "start" | "end";
  children: ReactNode;
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
}

const panel =
  "z-50 min-w-44 max-w-80 animate-rise overflow-y-auto rounded-md border border-line-strong bg-raised p-1 shadow-float max-h-(--radix-dropdown-menu-content-available-height)";
const row =
  "flex min-h-8 items-center gap-2 rounded-sm px-2 text-sm text-ink outline-none select-none data-disabled:opacity-45 data-highlighted:bg-active [&_svg]:size-3.5 [&_svg]:text-dim pointer-coarse:min-h-11";

export function Menu({ trigger, align = "end", children, ...rest }: MenuProps) {
  return (
    <Radix.Root modal={false} {...rest}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={usePortal()}>
        <Radix.Content align={align} sideOffset={4} collisionPadding={8} className={panel} onClick={keepRow}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Where somebody pressed the other button. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export const PointMenu = ({ at, ...rest }: { at: Point; onClose: () => void; children: ReactNode }) => (
  <Menu open align="start" onOpenChange={(open) => open || rest.onClose()} trigger={<Anchor at={at} />}>
    {rest.children}
  </Menu>
);

/** Not where it is asked for: a panel may be what `fixed` is measured from. */
function Anchor({ at, ...rest }: { at: Point } & ComponentProps<"span">) {
  const body = usePortal() ?? document.body;
  const style = { left: at.x, top: at.y };
  return createPortal(<span {...rest} aria-hidden className="fixed size-0" style={style} />, body);
}

/** React lets a click in a portal bubble to the row whose menu it is. */
const keepRow = (event: { stopPropagation(): void }) => event.stopPropagation();

interface ItemProps extends ComponentProps<typeof Radix.Item> {
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
}

export function MenuItem({ icon, keys, danger = false, className, children, ...rest }: ItemProps) {
  return (
    <Radix.Item className={cx(row, danger && "text-danger [&_svg]:text-danger", className)} {...rest}>
      {icon}
      <span className="grow">{children}</span>
      {keys !== undefined && <Keys keys={keys} />}
    </Radix.Item>
  );
}

export function MenuLink({ href, icon, children }: { href: string; icon?: ReactNode; children: ReactNode }) {
  return (
    <Radix.Item asChild className={row}>
      <a href={href} className="no-underline">
        {icon}
        <span className="grow">{children}</span>
      </a>
    </Radix.Item>
  );
}

interface ChoiceProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: string }[];
}

export function MenuChoice<V extends string>({ label, value, onChange, options }: ChoiceProps<V>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as V)}>
      <MenuLabel>{label}</MenuLabel>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={row}>
          <span className="grow">{option.label}</span>
          <Radix.ItemIndicator>
            <Check aria-hidden />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

interface ToggleProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

export function MenuToggle({ checked, onChange, children }: ToggleProps) {
  return (
    <Radix.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={row}
    >
      <span className="grow">{children}</span>
      <Radix.ItemIndicator>
        <Check aria-hidden />
      </Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 pt-1.5 pb-1 text-xs text-faint">{children}</Radix.Label>
);

export const MenuLine = () => <Radix.Separator className="mx-1 my-1 h-px bg-line-strong" />;
