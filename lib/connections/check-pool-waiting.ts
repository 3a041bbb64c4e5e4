import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import type { Point } from "../collector/types.ts";
import { durationInWords } from "../words.ts";

const windowSeconds = 300;

/** Somebody waits for a connection of the console's and the engine's own pools, sample after sample. */
export const poolWaiting = defineCheck({
  id: "connections.pool_waiting",
  title: "The engine's pools are full",
  source: "the engine's own pools, every process of it",
  why: "A statement takes milliseconds, so a queue that is there in four samples in a row (30 s) does not drain; after two minutes callers run into their time-outs.",
  keepFiringFor: 60,
  unit: "seconds",
  path: "connections",
  runbook:
    "Callers of the engine wait for a connection of its own pools. See on Connections which pool: the one for watching is two connections by design, and a long queue there is a server that answers slowly; the one for writing is as large as its URL says (pool_size). See what its connections do: a lock, a slow disk, statements without an index. Enlarge the pool only as far as max_connections leaves room.",
  needs: "A worker that collects, and processes that report their pools.",
  thresholds: { warning: 30, critical: 120, direction: "rising" },
  async evaluate({ audit, history, now }, limitsFor) {
    const range = { from: new Date(now.getTime() - windowSeconds * 1_000), to: now };
    const { series, stepSeconds } = await history.totals(audit.target, ["pools.waiting"], range);
    const points = series["pools.waiting"] ?? [];
    if (points.every(([, value]) => value === null))
      return cannotJudge("Nobody reports pools just now.", {
        code: "insufficient_data",
        reason: "No process that uses the engine has reported its pools in the last five minutes.",
      });
    return { objects: [judgePools(points, stepSeconds, limitsFor({ kind: "target" }))], complete: true };
  },
});

/** By the samples at the end in which somebody waited; a gap ends the run. */
export function judgePools(points: readonly Point[], stepSeconds: number, threshold: Limits): ObjectState {
  const known = points.slice(0, points.findLastIndex(([, value]) => value !== null) + 1);
  const before = known.findLastIndex(([, value]) => value === null || value === 0);
  const run = known.slice(before + 1);
  const seconds = Math.max(0, run.length - 1) * stepSeconds;
  const most = Math.ceil(Math.max(0, ...run.map(([, value]) => value ?? 0)));
  return {
    object: { kind: "target" },
    state: stateAt(seconds, threshold),
    value: seconds,
    threshold,
    since: run[0] ? new Date(run[0][0]) : null,
    words: {
      title:
        run.length === 0
          ? "Nobody waits for a connection of the engine's pools."
          : `Callers have waited for a connection of the engine's pools for ${durationInWords(seconds)}, ${most} at once.`,
      detail: "See on Connections which pool is full and what its connections do.",
    },
  };
}
