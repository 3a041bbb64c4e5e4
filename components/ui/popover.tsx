"use client";

/** <Popover trigger={<Button>…</Button>} label="About this figure" align="end">…</Popover> */
import * as Radix from "radix-ui/popover";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface PopoverProps {
  trigger: ReactNode;
  /** Accessible name of the box that opens. */
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export const floatingBox =
  "z-50 animate-appear rounded-lg border border-hairline-strong bg-raised text-ink shadow-raised outline-none";

export function Popover({ trigger, label, children, align = "end", className, ...rest }: PopoverProps) {
  return (
    <Radix.Root {...rest}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={12}
          className={cn(
            floatingBox,
            "max-h-(--radix-popover-content-available-height) overflow-auto",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const PopoverClose = Radix.Close;
