import { defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { getBlockers } from "./get-blockers.ts";
import { blockerObject, tellBlocker } from "./judge-blocker.ts";
import { connectionThresholds } from "./thresholds.ts";
import type { BlockerNode } from "./types.ts";

const runbook =
  "The root holds what the others need and waits for nobody itself. See on Connections what it does: idle in a transaction, it was forgotten; running, it may be long work or a lock taken too strongly. SELECT pg_terminate_backend(pid) of the root frees all behind it. A prepared transaction is ended with COMMIT PREPARED or ROLLBACK PREPARED.";

/** How long the longest waits for a root blocker. */
export const blockers = defineCheck({
  id: "connections.blockers",
  source: "pg_blocking_pids(), pg_locks, pg_prepared_xacts",
  why: "lock_timeout and people's patience are shorter than 5 min; after 10 min applications have run out of connections. The limit itself is the patience.",
  keepFiringFor: 60,
  cause: "connections.locks",
  title: "Blockers",
  unit: "seconds",
  path: "connections",
  runbook,
  needs: "Nothing beyond a connection; names of others' sessions take pg_monitor.",
  thresholds: { ...connectionThresholds.blockerWaitSeconds, direction: "rising" },
  covers: ["connections.blocked_sessions"],
  async evaluate({ audit }, limitsFor) {
    const { data, observedAt } = await getBlockers(audit);
    const objects = data.roots.map((root) => judgeBlocker(root, limitsFor, observedAt));
    return { objects, complete: data.notShown === 0 };
  },
});

/** How many wait for one root; they count once the longest has waited half a minute. */
export const blockedSessions = defineCheck({
  id: "connections.blocked_sessions",
  source: "pg_blocking_pids(), pg_locks",
  why: "Two who wait for each other's row are ordinary; three behind one root are a queue that grows. It must hold for a minute, because short queues come and go many times a day.",
  for: 60,
  keepFiringFor: 60,
  cause: "connections.locks",
  title: "Blocked sessions",
  unit: "count",
  path: "connections",
  runbook,
  needs: "Nothing beyond a connection; names of others' sessions take pg_monitor.",
  thresholds: { warning: connectionThresholds.blockedSessions.count, critical: null, direction: "rising" },
  async evaluate({ audit }, limitsFor) {
    const { data, observedAt } = await getBlockers(audit);
    const objects = data.roots.map((root) => judgeCrowd(root, limitsFor, observedAt));
    return { objects, complete: data.notShown === 0 };
  },
});

export function judgeBlocker(root: BlockerNode, limitsFor: LimitsFor, observedAt: Date): ObjectState {
  const object = blockerObject(root);
  const longest = root.longestWaitSeconds ?? 0;
  const threshold = limitsFor(object);
  return {
    object,
    state: stateAt(longest, threshold),
    value: longest,
    threshold,
    since: new Date(observedAt.getTime() - longest * 1_000),
    words: tellBlocker(root),
  };
}

export function judgeCrowd(root: BlockerNode, limitsFor: LimitsFor, observedAt: Date): ObjectState {
  const object = blockerObject(root);
  const longest = root.longestWaitSeconds ?? 0;
  const threshold = limitsFor(object);
  const patient = longest < connectionThresholds.blockedSessions.waitSeconds;
  return {
    object,
    state: patient ? "ok" : stateAt(root.blockedCount, threshold),
    value: root.blockedCount,
    threshold,
    since: new Date(observedAt.getTime() - longest * 1_000),
    words: tellBlocker(root),
  };
}
