"use client";

import { cn } from "@/components/ui/cn.ts";
import { useRead } from "@/lib/client/use-read.ts";

/** How many incidents fire on a target and are not closed, whoever has them. */
export function useFiring(target: string | null): number {
  const { data } = useRead("openIncidents", {}, { target: "", polled: false });
  return data?.byTarget.find((each) => each.target === target)?.count ?? 0;
}

/** A figure beside a page's name; nothing for none. */
export function NavCount({ count, className }: { count: number; className?: string }) {
  if (count === 0) return null;
  return (
    <span
      aria-hidden
      className={cn(
        "grid h-4 min-w-4 place-items-center rounded-full bg-inset px-1 text-2xs leading-none font-semibold text-ink tabular-nums",
        className,
      )}
    >
      {count > 99 ? "99+" : count}
    </span>
  );
}
