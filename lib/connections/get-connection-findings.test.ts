import { expect, test } from "vitest";
import { judgeBlocker, judgeIdle, judgeLimits, judgeLongQueries } from "./get-connection-findings.ts";
import { connectionThresholds } from "./thresholds.ts";
import type { BlockerNode, ServerSession } from "./types.ts";

const now = new Date("2026-01-01T12:00:00Z");

function session(rest: Partial<ServerSession>): ServerSession {
  return {
    pid: 4711,
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

test("connections in use are judged against what can be used", () => {
  expect(judgeLimits(limits(72))).toEqual([]);
  expect(judgeLimits(limits(73))[0]).toMatchObject({
    severity: "warning",
    title: "73 of 97 usable connections are taken (75 %).",
  });
  expect(judgeLimits(limits(88))[0]?.severity).toBe("critical");
});

test("idle transactions: one is named, of several the longest", () => {
  expect(judgeIdle([session({ stateSeconds: 299 })])).toEqual([]);
  const since = new Date(now.getTime() - 310_000);
  expect(judgeIdle([session({ stateSeconds: 310, stateChangedAt: since })])[0]).toMatchObject({
    severity: "warning",
    title: "The session pid 4711 (report-worker) has been idle in a transaction for 5 min.",
    since,
  });
  const several = [session({ stateSeconds: 301 }), session({ pid: 8, application: null, stateSeconds: 960 })];
  expect(judgeIdle(several)[0]).toMatchObject({
    severity: "critical",
    title: "2 sessions have been idle in a transaction for over 5 min, pid 8 (app) longest, for 16 min.",
  });
});

test("long queries", () => {
  expect(judgeLongQueries([session({ querySeconds: 1_799 })])).toEqual([]);
  expect(judgeLongQueries([session({ querySeconds: 4_260 })])[0]).toMatchObject({
    severity: "critical",
    title: "A query of pid 4711 (report-worker) has run for 71 min.",
  });
});

test("a blocker counts by how many wait and how long", () => {
  const judge = (node: BlockerNode) => judgeBlocker(node, connectionThresholds, now)[0];
  expect(judge(root(2, 200))).toBeUndefined();
  expect(judge(root(3, 29))).toBeUndefined();
  const held = { lockType: "relation", mode: "AccessExclusiveLock", granted: true };
  expect(judge(root(3, 30, { holds: [{ ...held, relation: "public.audit_log" }] }))).toMatchObject({
    severity: "warning",
    title:
      "3 connections have waited up to 30 s for a lock on public.audit_log held by pid 4711 (report-worker).",
    since: new Date(now.getTime() - 30_000),
  });
  expect(judge(root(1, 300))).toMatchObject({
    severity: "warning",
    title: "1 connection has waited 5 min for a lock held by pid 4711 (report-worker).",
  });
  expect(judge(root(1, 600))?.severity).toBe("critical");
  expect(judge(root(1, 600, { pid: 0, session: null }))?.title).toContain("held by a prepared transaction.");
});
