import { nameOf } from "../alerting/act-on-incident.ts";
import type { Incident } from "../alerting/incident.ts";
import type { Check } from "../check.ts";
import { AppError } from "../errors.ts";

const dayMs = 86_400_000;
/** "Tomorrow at this time" is chosen some seconds before it is asked for, by another clock. */
const graceMs = 60_000;

/**
 * That nobody alone keeps what a guarded check found from being told for longer than a day: not even two administrators
 * silence it for longer.
 * @returns what refuses such an incident with AppError BAD_INPUT
 */
export function guardedWithinADay(
  checks: readonly Check[],
  until: Date,
  now: Date,
): (incident: Incident) => void {
  if (until.getTime() - now.getTime() <= dayMs + graceMs) return () => {};
  const guarded = new Map(checks.flatMap((check) => (check.guarded ? [[check.id, check.title]] : [])));
  return (incident) => {
    const title = guarded.get(incident.checkId);
    if (title === undefined) return;
    throw new AppError(
      "BAD_INPUT",
      `${nameOf(incident)} is of “${title}”, which is guarded: for 24 h at most.`,
      {
        fields: { until: "may lie at most 24 h ahead" },
        hint: "Look at it again then, or mend what it found.",
      },
    );
  };
}
