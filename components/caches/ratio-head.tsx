import type { ChosenSeries } from "@/components/charts/time-rows.ts";
import { formatExact, formatRatio } from "@/lib/client/format.ts";

/** The one series a ratio panel draws. */
export function ratioChosen(name: string, label: string): readonly ChosenSeries[] {
  return [{ name, label, colour: "var(--series-3)" }];
}

/** The share of the whole range as the panel's big number, or why there is none. */
export function RatioHead({ share, none }: { share: number | null; none: string }) {
  return (
    <p className="flex h-9 shrink-0 items-baseline gap-2 whitespace-nowrap">
      {share === null ? (
        <span className="text-sm text-muted">{none}</span>
      ) : (
        <span className="text-2xl font-semibold tracking-tight" title={formatExact(share, "ratio")}>
          {formatRatio(share)}
        </span>
      )}
      {share !== null && <span className="text-xs text-faint">over the range</span>}
    </p>
  );
}
