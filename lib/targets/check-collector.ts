import type { TargetStatus } from "../audit-db/target-facts.ts";
import { type CheckAnswer, cannotJudge, defineCheck, type Limits, stateAt } from "../check.ts";
import { durationInWords } from "../words.ts";

/** The fastest samplers write every 10 s; three of them missed is a collector that stands still. */
const silentAfterSeconds = 30;
/** After an outage the collector may need this long to have figures again. */
const graceSeconds = 60;
/** Sampled every 10 s, each by a sampler of its own. */
const fastest = ["connections.total", "database.commits"];

/** Whether figures over time are being recorded: checks on them know nothing without it. */
export const collectedSamples = defineCheck({
  id: "collector.samples",
  source: "history.sample_total (console)",
  why: "The fastest samplers write every 10 s, so 30 s are three missed in a row; a follower takes over within 15 s.",
  keepFiringFor: 60,
  title: "Collecting",
  unit: "seconds",
  path: "overview",
  runbook:
    "Charts and checks over time stand still. See whether a worker process runs (ROLE=worker or all) and what its log says; another one takes over by itself within 15 seconds. A worker that cannot reach the console database writes nothing either.",
  needs: "A worker process that collects.",
  thresholds: { warning: null, critical: silentAfterSeconds, direction: "rising" },
  async evaluate({ audit, history, now }, limitsFor) {
    const range = { from: new Date(now.getTime() - graceSeconds * 1_000), to: now };
    const { collectingSince: since, observedAt: newestAt } = await history.totals(
      audit.target,
      fastest,
      range,
    );
    return judgeCollector(audit.status(), { since, newestAt }, now, limitsFor({ kind: "target" }));
  },
});

export function judgeCollector(
  status: TargetStatus,
  collected: { since: Date | null; newestAt: Date | null },
  now: Date,
  threshold: Limits,
): CheckAnswer {
  // The outage is told elsewhere.
  if (status.state !== "up") return { objects: [], complete: false };
  if (collected.since === null || collected.newestAt === null) {
    const reason =
      "Nothing has been collected from this target yet. The worker process collects every 10 seconds; if this stays, see whether one runs (ROLE=worker or all).";
    return cannotJudge("Checks over time have nothing to look at yet.", {
      code: "insufficient_data",
      reason,
    });
  }
  const age = Math.max(0, (now.getTime() - collected.newestAt.getTime()) / 1_000);
  const upFor = (now.getTime() - status.since.getTime()) / 1_000;
  const state = upFor < graceSeconds ? "ok" : stateAt(age, threshold);
  return {
    objects: [
      {
        object: { kind: "target" },
        state,
        value: age,
        threshold,
        since: state === "ok" ? null : collected.newestAt,
        words: {
          title:
            state === "ok"
              ? `The newest sample is ${durationInWords(age)} old.`
              : `Nothing has been collected from this target for ${durationInWords(age)}.`,
          detail:
            "Charts and checks over time stand still. See whether a worker process runs (ROLE=worker or all) and what its log says; another one takes over by itself within 15 seconds.",
        },
      },
    ],
    complete: true,
  };
}
