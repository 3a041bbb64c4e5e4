import { defineCheck, type Limits, type ObjectState, stateAt, type WaitingHold } from "../../check.ts";
import { counted, durationInWords } from "../../words.ts";

/** Judged once for the whole console, with its first target. */
export const waitingHold = defineCheck({
  id: "privacy.hold_waiting",
  title: "Legal hold not in force yet",
  source: "legal_hold, effect (console)",
  why: "What began before a hold is settled within seconds, and within a minute when its process died: thirty seconds until somebody looks, ten for the look. Five minutes is a target that does not answer, or a worker that does not run.",
  unit: "seconds",
  path: "privacy",
  runbook:
    "A hold was placed while something in its scope was being destroyed, and nobody knows yet whether that happened. Nothing else in its scope can be destroyed. See on Privacy what the hold waits for, and on Activity what is of unknown outcome. The console looks again by itself once the target answers; see that a worker runs and the target can be reached.",
  needs: "Nothing beyond the console's own database.",
  thresholds: { warning: 300, critical: 3_600, direction: "rising" },
  whileDown: true,
  guarded: true,
  tellSeveral: (objects) => `${counted(objects.length, "legal hold")} are not in force yet.`,
  async evaluate({ waitingHolds, now }, limitsFor) {
    const holds = await waitingHolds();
    return {
      objects: holds.map((hold) => judgeWaiting(hold, limitsFor(objectOf(hold)), now)),
      complete: true,
    };
  },
});

const objectOf = ({ number }: WaitingHold) => ({ kind: "hold", name: `#${number}` }) as const;

export function judgeWaiting(hold: WaitingHold, threshold: Limits, now: Date): ObjectState {
  const { number, awaits, placedAt } = hold;
  const value = Math.max(0, Math.round((now.getTime() - placedAt.getTime()) / 1_000));
  return {
    object: objectOf(hold),
    state: stateAt(value, threshold),
    value,
    threshold,
    since: placedAt,
    words: {
      title: `Legal hold #${number} waits for ${counted(awaits, "destruction")} that began before it, for ${durationInWords(value)}.`,
      detail: "Whether that happened is not known yet. Nothing else that the hold covers can be destroyed.",
    },
  };
}
