import { defineCheck, type LastLook, type Limits, type ObjectState, stateAt } from "../check.ts";
import { counted, durationInWords } from "../words.ts";

/** Checks that answered here before and do not any more: what they judged stays as it was, and nobody would notice. */
export const blindChecks = defineCheck({
  id: "checks.blind",
  title: "Check without an answer",
  source: "check_evaluation (console)",
  why: "One look may meet a lock or a restart; three in a row are a minute and a half in which nobody looked. What was never judged here, or cannot be until somebody changes something, is no blindness.",
  keepFiringFor: 60,
  unit: "count",
  path: "settings/checks",
  runbook:
    "A check answered here and fails now, so what it said last stands for the present. Its reason says why: a right that was taken away, a statement that runs into its time-out, an extension that was dropped, samples that stopped. `audit-db checks test` tries it at once. A target that is down is told by itself and counts for nothing here.",
  needs: "Nothing beyond a worker.",
  thresholds: { warning: 3, critical: null, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ looks, now }, limitsFor) {
    const blind = (await looks()).filter(({ failures, answeredAt }) => failures > 0 && answeredAt);
    const objects = blind.map((look) =>
      judgeLook(look, limitsFor({ kind: "check", name: look.checkId }), now),
    );
    return { objects, complete: true };
  },
});

export function judgeLook(look: LastLook, threshold: Limits, now: Date): ObjectState {
  const { checkId, answeredAt, failures, reason } = look;
  const seconds = answeredAt ? (now.getTime() - answeredAt.getTime()) / 1_000 : 0;
  return {
    object: { kind: "check", name: checkId },
    state: stateAt(failures, threshold),
    value: failures,
    threshold,
    since: answeredAt,
    words: {
      title: `The check ${checkId} has had no answer for ${durationInWords(seconds)}, in ${counted(failures, "look")}: ${(reason ?? "no reason was given").replace(/\.$/, "")}.`,
      detail: "What it said last stands until it answers again. Mend what its reason names.",
    },
  };
}
