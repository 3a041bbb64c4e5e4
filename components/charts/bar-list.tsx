"use client";

/**
 * <BarList label="By application" unit="count" items={[{ key, label, value, detail?, href?, colour? }]} limit={8} />
 * Names with bars, largest first; past `limit` the rest is added up as "others".
 *
 * <ShareBar label="By state" unit="count" parts={[{ key, label, value, colour? }]} />
 * One bar split into its parts, with a legend below.
 */
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { formatExact, formatRatio, formatValue } from "@/lib/client/format.ts";
import type { Unit } from "@/lib/collector/types.ts";
import { othersColour, seriesColours } from "./series-colour.ts";

export interface BarItem {
  key: string;
  label: string;
  value: number;
  /** Beside the figure: "3 waiting". */
  detail?: string;
  href?: string;
  colour?: string;
}

interface BarListProps {
  label: string;
  unit: Unit;
  items: readonly BarItem[];
  limit?: number;
}

export function BarList({ label, unit, items, limit = 8 }: BarListProps) {
  const sorted = items.toSorted((a, b) => b.value - a.value);
  const rest = sorted.slice(limit);
  const shown: BarItem[] = sorted.slice(0, limit);
  if (rest.length > 0)
    shown.push({
      key: "others",
      label: `${rest.length} others`,
      value: rest.reduce((all, item) => all + item.value, 0),
      colour: othersColour,
    });
  const largest = Math.max(...shown.map((item) => item.value), 0) || 1;
  return (
    <ul aria-label={label} className="grid gap-0.5">
      {shown.map((item) => (
        <li key={item.key} className="relative flex h-7 items-center gap-3 rounded-sm px-2 text-sm">
          <span
            aria-hidden
            className="absolute inset-y-0 left-0 rounded-sm opacity-20"
            style={{
              width: `${Math.max(0.5, (item.value / largest) * 100)}%`,
              background: item.colour ?? "var(--accent)",
            }}
          />
          <span className="relative min-w-0 grow truncate" title={item.label}>
            {item.href ? (
              <ConsoleLink href={item.href} className="hover:text-accent hover:underline">
                {item.label}
              </ConsoleLink>
            ) : (
              item.label
            )}
          </span>
          {item.detail && <span className="relative shrink-0 text-xs text-muted">{item.detail}</span>}
          <span className="relative shrink-0 font-medium" title={formatExact(item.value, unit)}>
            {formatValue(item.value, unit)}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface ShareBarProps {
  label: string;
  unit: Unit;
  parts: readonly Pick<BarItem, "key" | "label" | "value" | "colour">[];
  /** false draws only the bar (in a table). */
  legend?: boolean;
}

export function ShareBar({ label, unit, parts, legend = true }: ShareBarProps) {
  const total = parts.reduce((all, part) => all + part.value, 0);
  const colours = seriesColours(parts.map((part) => part.key));
  const colourOf = (part: ShareBarProps["parts"][number]) => part.colour ?? colours[part.key] ?? othersColour;
  const words = parts.map((part) => `${part.label} ${formatValue(part.value, unit)}`).join(", ");
  return (
    <div className="grid gap-2">
      <div
        role="img"
        aria-label={`${label}: ${words}`}
        className="flex h-2.5 gap-px overflow-hidden rounded-sm bg-inset"
      >
        {parts.map((part) =>
          part.value > 0 ? (
            <span
              key={part.key}
              title={`${part.label}: ${formatExact(part.value, unit)} (${formatRatio(part.value / total)})`}
              className="min-w-0.5"
              style={{ flexGrow: part.value, flexBasis: 0, background: colourOf(part) }}
            />
          ) : null,
        )}
      </div>
      {legend && (
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {parts.map((part) => (
            <li key={part.key} className="flex items-center gap-1.5">
              <span aria-hidden className="size-2 rounded-[2px]" style={{ background: colourOf(part) }} />
              <span className="text-muted">{part.label}</span>
              <span className="font-medium" title={formatExact(part.value, unit)}>
                {formatValue(part.value, unit)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
