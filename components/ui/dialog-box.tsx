"use client";

import { X } from "lucide-react";
import * as Radix from "radix-ui/dialog";
import { IconButton } from "./button.tsx";
import { cn } from "./cn.ts";
import type { DialogProps } from "./dialog-props.ts";
import { useReturnFocus } from "./use-return-focus.ts";

const sizes = {
  sm: "max-w-105",
  md: "max-w-140",
  lg: "max-w-200",
  full: "max-w-360",
};

export function DialogBox({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = "md",
  locked,
}: DialogProps) {
  const focus = useReturnFocus();
  const hold = (event: Event) => locked && event.preventDefault();
  return (
    <Radix.Root open={open} onOpenChange={(next) => (locked ? undefined : onOpenChange(next))}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-scrim" />
        <Radix.Content
          onOpenAutoFocus={(event) => {
            focus.remember();
            const box = event.currentTarget;
            const control =
              box instanceof Element &&
              (box.querySelector<HTMLElement>("[data-begin]") ??
                box.querySelector<HTMLElement>("input, select, textarea"));
            if (!control) return;
            event.preventDefault();
            control.focus();
          }}
          onCloseAutoFocus={focus.giveBack}
          onEscapeKeyDown={hold}
          onPointerDownOutside={hold}
          {...(!description && { "aria-describedby": undefined })}
          className={cn(
            "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 animate-appear flex-col rounded-lg border border-hairline-strong bg-raised shadow-raised outline-none",
            sizes[size],
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 grow">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-0.5 text-sm text-muted">{description}</Radix.Description>
              )}
            </div>
            {!locked && (
              <Radix.Close asChild>
                <IconButton label="Close" size="sm">
                  <X />
                </IconButton>
              </Radix.Close>
            )}
          </header>
          {children && <div className="min-h-0 grow overflow-auto px-5 pb-5">{children}</div>}
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-hairline px-5 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
