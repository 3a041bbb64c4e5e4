"use client";

/**
 * <Time at={date} />            "3 s ago", the absolute time on hover
 * <Time at={date} show="moment" />   "09:12" or "22 Nov 09:12"
 * <Time at={date} show="second" />   "09:12:45" or "22 Nov 09:12:45"
 * <Time at={date} show="instant" />  "23 Nov 2026, 09:12:45 UTC"
 */
import { formatInstant, formatMoment, formatRelative, formatSecond } from "@/lib/client/format-time.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";

const formats = { moment: formatMoment, second: formatSecond, relative: formatRelative };

interface TimeProps {
  at: Date | number | string | null | undefined;
  show?: keyof typeof formats | "instant";
  className?: string;
}

export function Time({ at, show = "relative", className }: TimeProps) {
  const now = useNow();
  const zone = useTimeZone();
  if (at == null) return <span className={className}>–</span>;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span className={className}>–</span>;
  const absolute = formatInstant(date, zone);
  const text = now === null || show === "instant" ? absolute : formats[show](date, now, zone);
  return (
    <time dateTime={date.toISOString()} title={absolute} className={className} suppressHydrationWarning>
      {text}
    </time>
  );
}
