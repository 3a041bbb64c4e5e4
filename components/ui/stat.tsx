"use client";

/**
 * <Stat label="Commits" value={12.3} unit="perSecond" previous={11} period="the hour before" spark={points}
 *   state="ok" href="/demo/connections" />
 * A big number with its unit, its change in words and its line. `state` colours and names what is wrong; `note`
 * stands instead of the change. `unavailable` says why there is no figure.
 */
import type { ReactNode } from "react";
import { Sparkline } from "@/components/charts/sparkline.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { formatChange, formatExact, formatValue } from "@/lib/client/format.ts";
import type { Point, Unit } from "@/lib/collector/types.ts";
import { cn } from "./cn.ts";
import { type State, StateIcon, stateText } from "./state-badge.tsx";

interface StatProps {
  label: string;
  value: number | null | undefined;
  unit: Unit;
  /** The figure in words instead of `value` in `unit`: "41 days". */
  text?: string;
  previous?: number | null;
  period?: string;
  note?: ReactNode;
  spark?: readonly Point[];
  sparkFrom?: "zero" | "data";
  state?: State;
  href?: string;
  unavailable?: string;
  /** Dims the figure: it is the last known, or of another range. */
  stale?: boolean;
}

export function Stat(props: StatProps) {
  const {
    label,
    value,
    unit,
    text,
    previous,
    period,
    note,
    spark,
    sparkFrom,
    state,
    href,
    unavailable,
    stale,
  } = props;
  const change = formatChange(value, previous, unit, period);
  const words = text ?? formatValue(value, unit);
  const cut = text ? -1 : words.search(/[^\d.,−–<> -]/);
  const [figure, suffix] = cut > 0 ? [words.slice(0, cut).trim(), words.slice(cut).trim()] : [words, ""];
  const alarming = state === "warning" || state === "critical";
  const body = (
    <>
      <span className="flex items-center gap-1.5 text-sm text-muted">
        {state && state !== "ok" && <StateIcon state={state} className="size-3.5" />}
        <span className="truncate">{label}</span>
      </span>
      <span className={cn("flex h-8 items-baseline gap-1", stale && "opacity-55")}>
        {unavailable ? (
          <span className="bg-hatch h-5 w-14 self-center rounded-sm" aria-hidden />
        ) : (
          <span
            title={text ? undefined : formatExact(value, unit)}
            className={cn("truncate text-2xl font-semibold tracking-tight", alarming && stateText[state])}
          >
            {figure}
            {suffix && <span className="ml-1 text-lg font-medium text-muted">{suffix}</span>}
          </span>
        )}
      </span>
      <span className="mt-0.5 block h-4.5 truncate text-xs text-faint" title={unavailable ?? change?.words}>
        {unavailable ?? note ?? change?.words ?? ""}
      </span>
      {spark && (
        <span className={cn("mt-1.5 block", stale && "opacity-55")}>
          <Sparkline
            points={spark}
            label={`${label} over the range`}
            {...(sparkFrom && { from: sparkFrom })}
          />
        </span>
      )}
    </>
  );
  const box = "block min-w-0 rounded-lg border border-hairline bg-panel px-4 py-3";
  return href ? (
    <ConsoleLink href={href} className={cn(box, "transition-colors hover:border-hairline-strong")}>
      {body}
    </ConsoleLink>
  ) : (
    <div className={box}>{body}</div>
  );
}
