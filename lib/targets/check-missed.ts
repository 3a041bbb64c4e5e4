import { type CheckAnswer, cannotJudge, defineCheck, type Limits, stateAt } from "../check.ts";
import { env } from "../env.ts";
import { durationInWords } from "../words.ts";

/** Evaluations of this target that did not come: told by the first one after the gap. */
export const missedEvaluations = defineCheck({
  id: "checks.missed",
  title: "Evaluations missed",
  source: "check_evaluation (console)",
  why: "Another worker takes over within 15 s, so one evaluation may be missing; three in a row are an evaluator that stood still. Told for ten minutes, because the first evaluation after it is a good one.",
  keepFiringFor: 600,
  unit: "count",
  path: "settings/checks",
  runbook:
    "For that time nothing was judged and nobody was told of anything: whatever happened in it is not on record. See whether the console was stopped on purpose, whether workers restart (their log), whether the console database was away, and whether one machine is too busy. Run a second worker. What happens while no worker runs at all is seen from outside only: give the console a dead-man's address to ping.",
  needs: "Nothing beyond a worker.",
  thresholds: { warning: 3, critical: null, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ looks, now }, limitsFor) {
    const newest = Math.max(...(await looks()).map(({ evaluatedAt }) => evaluatedAt.getTime()));
    return judgeGap(newest, now, env().CHECKS_EVERY_SECONDS, limitsFor({ kind: "target" }));
  },
});

/** @param newest when the evaluation before this one was, epoch milliseconds; not finite: there was none */
export function judgeGap(newest: number, now: Date, everySeconds: number, threshold: Limits): CheckAnswer {
  if (!Number.isFinite(newest))
    return cannotJudge("There was no evaluation before this one.", {
      code: "insufficient_data",
      reason: "This is the first evaluation of this target.",
    });
  const seconds = Math.max(0, (now.getTime() - newest) / 1_000);
  const missed = Math.max(0, Math.floor(seconds / everySeconds) - 1);
  const state = stateAt(missed, threshold);
  return {
    objects: [
      {
        object: { kind: "target" },
        state,
        value: missed,
        threshold,
        since: state === "ok" ? null : new Date(newest),
        words: {
          title:
            state === "ok"
              ? "Evaluations come as they should."
              : `Nothing was judged for ${durationInWords(seconds)}, until ${now.toISOString().slice(11, 16)} UTC: no worker evaluated this target.`,
          detail:
            "Whatever happened in that time is not on record. See whether workers ran and what their log says.",
        },
      },
    ],
    complete: true,
  };
}
