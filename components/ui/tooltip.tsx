"use client";

/**
 * <Tooltip text="Estimated from pg_class.reltuples"><button>…</button></Tooltip>
 * For words longer than a `title` should carry; the child must take focus, so that the keyboard reaches it.
 */
import * as Radix from "radix-ui/tooltip";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { floatingBox } from "./floating-box.ts";

export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={250}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            sideOffset={6}
            collisionPadding={8}
            className={cn(floatingBox, "max-w-72 px-2.5 py-1.5 text-xs text-muted")}
          >
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
