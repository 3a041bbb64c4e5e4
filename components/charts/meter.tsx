/**
 * <Meter value={42} max={100} label="Connections used" unit="count" warnAt={0.75} criticalAt={0.9} />
 * How much of a limit is used: a bar with its figure in words.
 */
import { formatExact, formatRatio, formatValue } from "@/lib/client/format.ts";
import type { Unit } from "@/lib/collector/types.ts";

interface MeterProps {
  value: number | null;
  max: number;
  label: string;
  unit?: Unit;
  /** Shares from which the bar warns. */
  warnAt?: number;
  criticalAt?: number;
  /** false draws only the bar (in a table). */
  words?: boolean;
}

export function Meter({
  value,
  max,
  label,
  unit = "count",
  warnAt = 2,
  criticalAt = 2,
  words = true,
}: MeterProps) {
  const share = value === null || max <= 0 ? null : value / max;
  const tone =
    share === null
      ? "bg-hatch"
      : share >= criticalAt
        ? "bg-critical"
        : share >= warnAt
          ? "bg-warning"
          : "bg-accent";
  return (
    <div className="grid gap-1">
      {words && (
        <div className="flex justify-between gap-3 text-sm">
          <span className="truncate text-muted">{label}</span>
          <span
            className="whitespace-nowrap"
            title={`${formatExact(value, unit)} of ${formatExact(max, unit)}`}
          >
            <strong className="font-medium">{formatValue(value, unit)}</strong>
            <span className="text-faint">
              {" "}
              of {formatValue(max, unit)}
              {share !== null && ` · ${formatRatio(share)}`}
            </span>
          </span>
        </div>
      )}
      <div
        role="img"
        aria-label={`${label}: ${formatExact(value, unit)} of ${formatExact(max, unit)}`}
        className="h-1.5 overflow-hidden rounded-full bg-inset"
      >
        <div
          className={`h-full rounded-full ${tone}`}
          style={{ width: `${Math.min(1, share ?? 1) * 100}%` }}
        />
      </div>
    </div>
  );
}
