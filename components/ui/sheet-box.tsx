"use client";

import { ChevronLeft, ChevronRight, X } from "lucide-react";
import * as Radix from "radix-ui/dialog";
import { useEffect, useEffectEvent } from "react";
import { AgedFigures, AsOf, useAged } from "./aged-figures.tsx";
import { IconButton } from "./button.tsx";
import { cn } from "./cn.ts";
import type { SheetProps } from "./sheet-props.ts";
import { useReturnFocus } from "./use-return-focus.ts";

export function SheetBox({
  open,
  onClose,
  title,
  description,
  onPrevious,
  onNext,
  aged: own,
  wide,
  footer,
  children,
}: SheetProps) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const typing =
      event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
    const go = event.key === "ArrowLeft" ? onPrevious : event.key === "ArrowRight" ? onNext : undefined;
    if (!go) return;
    event.preventDefault();
    go();
  });
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);
  // A sheet of a row is as old as the list it was opened from.
  const around = useAged();
  const aged = own === undefined ? around : own;
  const focus = useReturnFocus();
  const steps = onPrevious !== undefined || onNext !== undefined;
  return (
    <Radix.Root open={open} modal={false} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Content
          {...(!description && { "aria-describedby": undefined })}
          onInteractOutside={(event) => event.preventDefault()}
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.giveBack}
          className={cn(
            "fixed inset-y-0 right-0 z-40 flex max-w-full animate-sheet flex-col border-l border-hairline-strong bg-raised shadow-raised outline-none",
            wide ? "w-180" : "w-140",
          )}
        >
          <header className="flex items-start gap-1 border-b border-hairline py-3 pr-3 pl-5">
            <div className="min-w-0 grow">
              <Radix.Title className="text-lg font-semibold break-words">{title}</Radix.Title>
              {description && (
                <Radix.Description className="text-sm break-words text-muted">
                  {description}
                </Radix.Description>
              )}
            </div>
            {steps && (
              <>
                <IconButton label="Previous row (←)" size="sm" onClick={onPrevious} disabled={!onPrevious}>
                  <ChevronLeft />
                </IconButton>
                <IconButton label="Next row (→)" size="sm" onClick={onNext} disabled={!onNext}>
                  <ChevronRight />
                </IconButton>
              </>
            )}
            <Radix.Close asChild>
              <IconButton label="Close (Esc)" size="sm">
                <X />
              </IconButton>
            </Radix.Close>
          </header>
          {/* Read with the arrow keys also where nothing in it takes the focus. */}
          <div
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
            tabIndex={0}
            className="min-h-0 grow overflow-auto px-5 py-4 outline-offset-[-2px]"
          >
            <AgedFigures aged={aged}>
              <AsOf className="mb-3" />
              {children}
            </AgedFigures>
          </div>
          {footer && (
            <footer className="flex justify-end gap-2 border-t border-hairline px-5 py-3">{footer}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
