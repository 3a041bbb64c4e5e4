import { type CheckAnswer, cannotJudge, defineCheck, type Limits, stateAt } from "../check.ts";
import { coveredSeconds } from "../collector/history/ratio.ts";
import type { Point } from "../collector/types.ts";
import { durationInWords, percentRoundedDown } from "../words.ts";

const windowSeconds = 900;
const leastSeconds = 300;
/** Blocked sessions on average below which a share says nothing: one session, for a tenth of the time. */
const leastBlocked = 0.1;
const [active, blocked] = ["connections.active", "connections.blocked"] as const;

/** Locks that are waited for again and again, though nobody waits long. */
export const lockWaits = defineCheck({
  id: "connections.lock_waits",
  title: "Recurring lock waits",
  source: "samples of pg_stat_activity.wait_event_type, every 10 s",
  why: "Of what sessions do, waiting for each other should be noise: above 5 % a hot row or table costs everybody, at 20 % more sessions make it slower. Over a quarter of an hour, and it must hold for five minutes, because one ALTER TABLE behind a report is told as a blocker.",
  for: 300,
  keepFiringFor: 300,
  unit: "ratio",
  path: "connections",
  runbook:
    "Statements wait for locks of others again and again. See on Connections what they wait for while it happens: the same row (a counter, a queue's head, a status that all update), the same table (ALTER, CREATE INDEX without CONCURRENTLY, LOCK TABLE), or a foreign key's parent. Shorten the transactions that hold it, update rows in one order, take the next of a queue with FOR UPDATE SKIP LOCKED.",
  needs: "pg_monitor, and five minutes of samples.",
  thresholds: { warning: 0.05, critical: 0.2, direction: "rising" },
  async evaluate({ audit, history, now }, limitsFor) {
    const range = { from: new Date(now.getTime() - windowSeconds * 1_000), to: now };
    const { series, stepSeconds } = await history.totals(audit.target, [active, blocked], range);
    const sampled = { active: series[active] ?? [], blocked: series[blocked] ?? [] };
    return judgeLockWaits(sampled, stepSeconds, limitsFor({ kind: "target" }));
  },
});

export function judgeLockWaits(
  sampled: { active: readonly Point[]; blocked: readonly Point[] },
  stepSeconds: number,
  threshold: Limits,
): CheckAnswer {
  const covered = coveredSeconds([...sampled.blocked], stepSeconds);
  if (covered < leastSeconds)
    return cannotJudge("Recurring lock waits cannot be looked for yet.", {
      code: "insufficient_data",
      reason: `Needs ${durationInWords(leastSeconds)} of samples, with pg_monitor; there are ${durationInWords(covered)}.`,
    });
  const sum = (points: readonly Point[]) => points.reduce((all, [, value]) => all + (value ?? 0), 0);
  const samples = covered / stepSeconds;
  const waiting = sum(sampled.blocked);
  // The sampler's own session is active in each of its samples.
  const share = waiting === 0 ? 0 : waiting / Math.max(waiting, sum(sampled.active) - samples);
  const material = waiting / samples >= leastBlocked;
  return {
    objects: [
      {
        object: { kind: "target" },
        state: material ? stateAt(share, threshold) : "ok",
        value: share,
        threshold,
        since: null,
        words: {
          title: `Sessions waited for a lock in ${percentRoundedDown(share)} of what they did in the last ${durationInWords(covered)}.`,
          detail: "See on Connections what they wait for, and shorten the transactions that hold it.",
        },
      },
    ],
    complete: true,
  };
}
