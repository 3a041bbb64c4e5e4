import { expect, test } from "vitest";
import type { Check, Limits, LimitsFor, ObjectState } from "../check.ts";
import { standingOf } from "../evaluation/standing.ts";
import { tellFindings } from "../evaluation/tell-findings.ts";
import { blockedSessions, blockers, judgeBlocker, judgeCrowd } from "./check-blockers.ts";
import { idleInTransaction, judgeIdle } from "./check-idle-in-transaction.ts";
import { judgeLongQuery, longQuery } from "./check-long-query.ts";
import { judgePool, poolerPoolWaits } from "./check-pooler-pool.ts";
import { judgeLimits, usedConnections } from "./check-used.ts";
import type { BlockerNode, ServerSession } from "./types.ts";

const now = new Date("2026-01-01T12:00:00Z");

function session(rest: Partial<ServerSession>): ServerSession {
  return {
    pid: 4711,
    backendStart: new Date("2026-01-01T08:00:00Z"),
    user: "app",
    database: "audit",
    application: "report-worker",
    client: null,
    backendType: "client backend",
    state: "active",
    transactionStartedAt: null,
    transactionSeconds: null,
    querySeconds: null,
    queryStartedAt: null,
    stateSeconds: null,
    stateChangedAt: null,
    waitEventType: null,
    waitEvent: null,
    xminAge: null,
    statementKey: null,
    queryId: null,
    query: null,
    queryIntact: true,
    own: false,
    ...rest,
  };
}

function root(
  blockedCount: number,
  longestWaitSeconds: number,
  rest: Partial<BlockerNode> = {},
): BlockerNode {
  return {
    pid: 4711,
    session: session({}),
    waitsFor: null,
    holds: [],
    blockedBy: [],
    blockedCount,
    longestWaitSeconds,
    inCycle: false,
    waiters: [],
    ...rest,
  };
}

const limits = (used: number) => ({
  maxConnections: 100,
  superuserReserved: 3,
  reserved: 0,
  usable: 97,
  used,
  usedShare: used / 97,
});

const limitsOf =
  (check: Check): LimitsFor =>
  () =>
    check.thresholds as Limits;

/** What the overview says of these states. */
function tell(...answers: [check: Check, objects: ObjectState[]][]) {
  const looks = answers.map(([check, objects]) => ({
    ...{ check, evaluatedAt: now, tookMs: 0, error: null },
    answer: { objects, complete: true },
  }));
  return tellFindings(standingOf(looks, []));
}

test("connections in use are judged against what can be used", () => {
  const judge = (used: number) => judgeLimits(limits(used), limitsOf(usedConnections)({ kind: "target" }));
  expect(judge(72)).toMatchObject({ state: "ok", value: 72 / 97 });
  expect(judge(73)).toMatchObject({
    state: "warning",
    threshold: { warning: 0.75, critical: 0.9 },
    words: { title: "73 of 97 usable connections are taken (75 %)." },
  });
  expect(judge(88).state).toBe("critical");
});

test("idle transactions: one is named, of several the longest", () => {
  const judge = (given: Partial<ServerSession>) => judgeIdle(session(given), limitsOf(idleInTransaction));
  const said = (...given: Partial<ServerSession>[]) => tell([idleInTransaction, given.map(judge)]);
  expect(judge({ stateSeconds: 299 })).toMatchObject({
    object: { kind: "session", pid: 4711, backendStart: new Date("2026-01-01T08:00:00Z") },
    state: "ok",
    value: 299,
  });
  expect(said({ stateSeconds: 299 })).toEqual([]);
  const since = new Date(now.getTime() - 310_000);
  expect(said({ stateSeconds: 310, stateChangedAt: since })).toMatchObject([
    {
      severity: "warning",
      title: "The session pid 4711 (report-worker) has been idle in a transaction for 5 min.",
      since,
    },
  ]);
  expect(said({ stateSeconds: 301 }, { pid: 8, application: null, stateSeconds: 960 })).toMatchObject([
    {
      key: "connections.idle_in_transaction",
      severity: "critical",
      title: "2 sessions have been idle in a transaction for over 5 min, pid 8 (app) longest, for 16 min.",
      objects: 2,
      value: 960,
      object: { pid: 8 },
    },
  ]);
});

test("long queries", () => {
  const judge = (given: Partial<ServerSession>) => judgeLongQuery(session(given), limitsOf(longQuery));
  expect(judge({ querySeconds: 1_799 }).state).toBe("ok");
  expect(judge({ querySeconds: 4_260 })).toMatchObject({
    state: "critical",
    words: { title: "A query of pid 4711 (report-worker) has run for 71 min." },
  });
  expect(
    tell([longQuery, [judge({ querySeconds: 1_800 }), judge({ pid: 9, querySeconds: 7_300 })]]),
  ).toMatchObject([
    { title: "2 queries have run for over 30 min, that of pid 9 (report-worker) longest, for 2 h 1 min." },
  ]);
});

test("a blocker counts by how many wait and how long", () => {
  const judge = (node: BlockerNode) =>
    tell(
      [blockers, [judgeBlocker(node, limitsOf(blockers), now)]],
      [blockedSessions, [judgeCrowd(node, limitsOf(blockedSessions), now)]],
    );
  expect(judge(root(2, 200))).toEqual([]);
  expect(judge(root(3, 29))).toEqual([]);
  const held = { lockType: "relation", mode: "AccessExclusiveLock", granted: true, gid: null, words: "" };
  expect(judge(root(3, 30, { holds: [{ ...held, relation: "public.audit_log" }] }))).toMatchObject([
    {
      check: "connections.blocked_sessions",
      severity: "warning",
      title:
        "3 connections have waited up to 30 s for a lock on public.audit_log held by pid 4711 (report-worker).",
      since: new Date(now.getTime() - 30_000),
    },
  ]);
  expect(judge(root(1, 300))).toMatchObject([
    {
      check: "connections.blockers",
      severity: "warning",
      title: "1 connection has waited 5 min for a lock held by pid 4711 (report-worker).",
    },
  ]);
  expect(judge(root(1, 600))[0]?.severity).toBe("critical");
  expect(judge(root(1, 600, { pid: 0, session: null }))[0]?.title).toContain(
    "held by a prepared transaction.",
  );
  const row = { ...held, lockType: "transactionid", mode: "ExclusiveLock", relation: "public.t" };
  expect(judge(root(1, 600, { holds: [row] }))[0]?.title).toBe(
    "1 connection has waited 10 min for a row of public.t held by pid 4711 (report-worker).",
  );
  const prepared = judge(root(1, 600, { pid: 0, session: null, holds: [{ ...row, gid: "it's" }] }))[0];
  expect(prepared?.title).toBe(
    "1 connection has waited 10 min for a row of public.t held by prepared transaction it's.",
  );
  expect(prepared?.detail).toContain("COMMIT PREPARED 'it''s'; or ROLLBACK PREPARED 'it''s';");
  // Many that wait for long are one finding.
  expect(judge(root(5, 600))).toHaveLength(1);
});

test("a pool of PgBouncer that is paused, or held up by something else than its size, says so", () => {
  const pool = {
    database: "shop",
    user: "Some one",
    clientsActive: 0,
    clientsWaiting: 1,
    maxWaitSeconds: 31,
  };
  const judge = (rest: { serversActive: number; serversMax: number | null; paused: boolean }) =>
    judgePool({ ...pool, serversIdle: 0, ...rest }, limitsOf(poolerPoolWaits));
  expect(judge({ serversActive: 0, serversMax: 5, paused: true })).toMatchObject({
    object: { kind: "pooler_pool", name: '"Some one"@shop' },
    state: "critical",
    words: {
      title: "In PgBouncer 1 client waits as user Some one for database shop, the first for 31 s.",
      detail: expect.stringMatching(/^Database shop is paused: RESUME shop in/),
    },
  });
  expect(judge({ serversActive: 1, serversMax: 5, paused: false }).words.detail).toMatch(
    /^Its own size is not what holds it up: 1 of 5 server connections are in use\./,
  );
});
