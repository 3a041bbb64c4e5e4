import type { CheckState, CheckUnit } from "@/lib/check.ts";
import type { ThresholdPreview } from "@/lib/check-board/preview-threshold.ts";
import type { CheckDefinition, CheckStanding, LimitsInForce } from "@/lib/check-board/types.ts";
import { formatNumber, formatSeconds, formatValue, nothing } from "@/lib/client/format.ts";
import { formatLimit } from "@/lib/limit-text.ts";

export const stateWords: Record<CheckState, string> = {
  critical: "critical",
  warning: "warning",
  error: "error",
  no_data: "no data",
  unavailable: "unavailable",
  notice: "notice",
  ok: "OK",
};

/** A state as a row says it: what could not be judged says whether time, or nobody's having set it up, is why. */
export function stateLabel({ state, worst }: Pick<CheckStanding, "state" | "worst">): string {
  if (state !== "unavailable") return stateWords[state];
  if (worst?.unavailable?.until) return "learning";
  return worst?.unavailable?.code === "not_configured" ? "not configured" : stateWords.unavailable;
}

/** Short form of a check's figure. */
export function formatFigure(value: number | null, unit: CheckUnit | null): string {
  if (value === null) return nothing;
  switch (unit) {
    case null:
      return formatNumber(value);
    case "days":
      return `${formatNumber(value)} d`;
    case "perMinute":
      return `${formatNumber(value)}/min`;
    case "partitions":
      return formatNumber(value);
    case "seconds":
      // As limits are written beside it.
      return formatSeconds(value).replace(/ m(?= |$)/, " min");
    default:
      return formatValue(value, unit);
  }
}

/** "≥ 5 min · 15 min", "< 45 d · 14 d", "≥ 3": where warning and critical begin. */
export function limitsText(
  check: Pick<CheckDefinition, "unit" | "direction">,
  limits: Pick<LimitsInForce, "warning" | "critical"> | null,
): string | null {
  if (!limits) return null;
  const { warning, critical } = limits;
  if (warning === null && critical === null) return null;
  const begins = warning === null ? "–" : formatLimit(warning, check.unit);
  const worsens = critical === null ? "" : ` · ${formatLimit(critical, check.unit)}`;
  return `${check.direction === "falling" ? "<" : "≥"} ${begins}${worsens}`;
}

/** "warning from 5 min, critical from 15 min": the same in words. */
export function limitsWords(
  check: Pick<CheckDefinition, "unit" | "direction">,
  { warning, critical }: Pick<LimitsInForce, "warning" | "critical">,
): string {
  const from = check.direction === "falling" ? "below" : "from";
  const part = (word: string, limit: number | null) =>
    limit === null ? `never ${word}` : `${word} ${from} ${formatLimit(limit, check.unit)}`;
  return `${part("warning", warning)}, ${part("critical", critical)}`;
}

/** The same at the beginning of a sentence. */
export function limitsSentence(...given: Parameters<typeof limitsWords>): string {
  const words = limitsWords(...given);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "Alerts once it was bad for 30 s; over once it was fine for 1 min." */
export function patienceWords(
  check: Pick<CheckDefinition, "for" | "keepFiringFor">,
  setBy: LimitsInForce["setBy"] | undefined,
): string {
  const bad = setBy?.for ?? check.for;
  const fine = setBy?.keepFiringFor ?? check.keepFiringFor;
  const alerts = bad === 0 ? "Alerts at once" : `Alerts once it was bad for ${formatLimit(bad, "seconds")}`;
  const over = fine === 0 ? "over at once" : `over once it was fine for ${formatLimit(fine, "seconds")}`;
  return `${alerts}; ${over}.`;
}

/** What stands beside a check's name: its worst object's sentence, or why there is none. */
export function standingWords(standing: CheckStanding): string | null {
  if (standing.error) return standing.error.message;
  if (standing.freshness === "never") return "Not evaluated yet.";
  if (standing.state === "ok") return null;
  return standing.worst?.title ?? null;
}

/** What limits would change now: "3 objects would become warnings and 1 critical." */
export function previewWords({ applies, becomes }: ThresholdPreview): string {
  const parts = [
    becomes.critical && `${objects(becomes.critical)} would become critical`,
    becomes.warning &&
      `${objects(becomes.warning)} would become ${becomes.warning === 1 ? "a warning" : "warnings"}`,
    becomes.ok && `${objects(becomes.ok)} would become OK`,
  ].filter((part) => typeof part === "string");
  if (parts.length > 0) return `${parts.join(", ")}, by the figures of the last evaluation.`;
  if (applies === 0) return "No object has a figure to compare now.";
  return `Nothing would change now: ${objects(applies)} would stay as ${applies === 1 ? "it is" : "they are"}.`;
}

function objects(count: number): string {
  return count === 1 ? "1 object" : `${count.toLocaleString("en-GB")} objects`;
}
