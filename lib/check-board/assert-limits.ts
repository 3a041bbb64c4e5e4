import type { Check, Limits } from "../check.ts";
import { AppError } from "../errors.ts";
import { formatLimit } from "../limit-text.ts";

/**
 * Whether limits, or how patient it is, fit a check: it compares a figure, the unit is its own, one limit at least, critical on the worse side
 * of warning.
 * @throws AppError UNSUPPORTED for a check without a figure, BAD_INPUT
 */
export function assertLimits(
  check: Check,
  limits: Limits & {
    unit: string | null;
    for?: number | null | undefined;
    keepFiringFor?: number | null | undefined;
  },
): void {
  const { thresholds, unit } = check;
  const patient = (limits.for ?? limits.keepFiringFor ?? null) !== null;
  if (!thresholds && limits.warning === null && limits.critical === null && patient) return;
  if (!thresholds)
    throw new AppError(
      "UNSUPPORTED",
      `“${check.title}” has no threshold: it is a condition that is or is not.`,
    );
  if (limits.unit !== unit)
    throw refuse("unit", `“${check.title}” is measured in ${unit}, not in ${limits.unit}.`);
  const { warning, critical } = limits;
  if (warning === null && critical === null)
    throw refuse("warning", "Give a warning or a critical limit: a check with neither would never speak.");
  if (warning === null || critical === null) return;
  const rising = thresholds.direction === "rising";
  if (rising ? warning < critical : warning > critical) return;
  throw refuse(
    "critical",
    `Critical must be ${rising ? "above" : "below"} warning (${formatLimit(warning, unit)}): what is worse lies ${rising ? "above" : "below"}.`,
  );
}

function refuse(field: string, message: string): AppError {
  return new AppError("BAD_INPUT", message, { fields: { [field]: message } });
}
