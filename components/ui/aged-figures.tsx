"use client";

/**
 * <AgedFigures aged={read.aged}>…</AgedFigures>: dims what it holds while its figures are the last known ones, and
 * takes "ok" from every state, empty list and answer in it. `<AsOf />` writes their age there, and nothing otherwise.
 */
import { createContext, type ReactNode, useContext } from "react";
import type { Aged } from "@/lib/client/aged.ts";
import { formatSeconds } from "@/lib/client/format.ts";
import { formatInstant, formatSecond } from "@/lib/client/format-time.ts";
import { useNowText } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { cn } from "./cn.ts";

const Context = createContext<Aged | null>(null);

/** Why the figures around are not of now; null while they are. */
export function useAged(): Aged | null {
  return useContext(Context);
}

interface AgedFiguresProps {
  aged: Aged | null;
  /** Dims also figures that are of now, of another range. */
  dim?: boolean;
  className?: string;
  children: ReactNode;
}

export function AgedFigures({ aged, dim = false, className, children }: AgedFiguresProps) {
  const around = useAged();
  return (
    <Context value={aged}>
      <div
        data-aged={aged !== null || undefined}
        className={cn((aged || dim) && !around && "opacity-55", className)}
      >
        {children}
      </div>
    </Context>
  );
}

/** "as of 12:03:20, 40 s old", ageing. `brief`: "40 s old". */
export function Age({ at, brief = false }: { at: Date; brief?: boolean }) {
  const zone = useTimeZone();
  const text = useNowText((nowMs) => {
    const old = `${formatSeconds(Math.max(0, Math.floor((nowMs - at.getTime()) / 1_000)))} old`;
    return brief ? old : `as of ${formatSecond(at, nowMs, zone)}, ${old}`;
  });
  return (
    <time dateTime={at.toISOString()} title={formatInstant(at, zone)} suppressHydrationWarning>
      {text ?? formatInstant(at, zone)}
    </time>
  );
}

interface AsOfProps {
  className?: string;
  /** What parts it from the words behind it, in the same line: a line of its own would move what stands below. */
  then?: string;
}

/** The age of the figures around, where they are the last known ones. */
export function AsOf({ className, then }: AsOfProps) {
  const aged = useAged();
  if (!aged) return null;
  return (
    <span className={cn("text-xs text-warning", !then && "block first-letter:uppercase", className)}>
      <Age at={aged.at} />
      {then}
    </span>
  );
}
