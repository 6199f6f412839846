"use client";
import * as Radix from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { cx } from "../lib/cx.ts";
import { IconButton } from "./button.tsx";
import { usePortal } from "./portal.ts";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Read out with the title. */
  description?: ReactNode;
  /** A sheet stands at the side and is as high as the page. */
  side?: "center" | "right";
  /** Neither Escape nor a click beside it closes it, and there is no button for it. */
  stay?: boolean;
  /** There is nothing in it to press: so that keys can scroll it, it takes the focus itself. */
  reading?: boolean;
  className?: string;
  /** What gets the focus when it closes, where what had it is gone with the answer. */
  focusAfter?: () => HTMLElement | null;
  footer?: ReactNode;
  children: ReactNode;
}

/** What is to be filled in, or else the dialog itself: not the button that closes it. */
function focusFirst(dialog: HTMLElement): void {
  (dialog.querySelector<HTMLElement>("input, textarea") ?? dialog).focus();
}

const places = {
  center:
    "top-[12vh] left-1/2 max-h-[76vh] w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg border animate-rise",
  right: "inset-y-0 right-0 h-dvh w-[min(30rem,100vw)] border-l animate-slide",
} as const;

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  side = "center",
  stay = false,
  reading = false,
  className,
  focusAfter,
  footer,
  children,
}: DialogProps) {
  // Radix knows of the focus in the page alone, not in a window of its own.
  const before = useRef<HTMLElement>(null);
  const hold = stay ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal container={usePortal()}>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-shade" />
        <Radix.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          {...(hold && { onEscapeKeyDown: hold, onPointerDownOutside: hold, onInteractOutside: hold })}
          onOpenAutoFocus={(event) => {
            const dialog = event.currentTarget as HTMLElement;
            event.preventDefault();
            before.current = dialog.ownerDocument.activeElement as HTMLElement | null;
            focusFirst(dialog);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            (before.current?.isConnected === true ? before.current : focusAfter?.())?.focus();
          }}
          className={cx(
            "fixed z-40 flex flex-col border-line-strong bg-surface shadow-float outline-none",
            places[side],
            className,
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-1">
            <div className="min-w-0 grow">
              <Radix.Title className="text-lg font-semibold tracking-[-0.01em]">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description asChild>
                  <div className="mt-1 text-sm text-dim">{description}</div>
                </Radix.Description>
              )}
            </div>
            {!stay && (
              <Radix.Close asChild>
                <IconButton label="Close" keys="escape" className="-mr-2">
                  <X />
                </IconButton>
              </Radix.Close>
            )}
          </header>
          <div
            {...(reading && { tabIndex: 0, role: "group", "aria-label": "Contents" })}
            className="min-h-0 grow overflow-y-auto px-5 py-3 focus-visible:outline-offset-[-2px]"
          >
            {children}
          </div>
          {footer !== undefined && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
