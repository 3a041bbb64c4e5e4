"use client";

/**
 * <Time at={date} />            "3 s ago", the absolute time on hover
 * <Time at={date} show="moment" />   "09:12" or "22 Nov 09:12"
 * <Time at={date} show="second" />   "09:12:45" or "22 Nov 09:12:45"
 * <Time at={date} show="instant" />  "23 Nov 2026, 09:12:45 UTC"
 */
import { formatInstant, formatMoment, formatRelative, formatSecond } from "@/lib/client/format-time.ts";
import { useNowText } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";

const formats = { moment: formatMoment, second: formatSecond, relative: formatRelative };

interface TimeProps {
  at: Date | number | string | null | undefined;
  show?: keyof typeof formats | "instant";
  className?: string;
}

export function Time({ at, show = "relative", className }: TimeProps) {
  const zone = useTimeZone();
  const date = at == null ? null : new Date(at);
  const known = date !== null && !Number.isNaN(date.getTime());
  const absolute = known ? formatInstant(date, zone) : "–";
  const text =
    useNowText((now) => (known && show !== "instant" ? formats[show](date, now, zone) : absolute)) ??
    absolute;
  if (!known) return <span className={className}>–</span>;
  return (
    <time dateTime={date.toISOString()} title={absolute} className={className} suppressHydrationWarning>
      {text}
    </time>
  );
}
