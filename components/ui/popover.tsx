"use client";

/** <Popover trigger={<Button>…</Button>} label="About this figure" align="end">…</Popover> */
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { floatingBox } from "./floating-box.ts";
import { lazyModule, type TriggerElement, useLazyTrigger } from "./lazy-trigger.tsx";

interface PopoverProps {
  /** A button. */
  trigger: TriggerElement;
  /** Accessible name of the box that opens. */
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

const radix = lazyModule(() => import("radix-ui/popover"));

export function Popover({
  trigger,
  label,
  children,
  align = "end",
  className,
  open,
  onOpenChange,
}: PopoverProps) {
  const lazy = useLazyTrigger(radix, trigger, "dialog", () => onOpenChange?.(true));
  if (!lazy.module) return lazy.trigger;
  const Radix = lazy.module;
  return (
    <Radix.Root
      {...(open === undefined ? { defaultOpen: true } : { open })}
      {...(onOpenChange && { onOpenChange })}
    >
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
