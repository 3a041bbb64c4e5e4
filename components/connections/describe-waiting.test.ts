import { expect, test } from "vitest";
import type { ApplicationPools, Blockers, ServerConnections } from "@/lib/connections/types.ts";
import { describeWaiting } from "./describe-waiting.ts";

const limits = {
  maxConnections: 80,
  superuserReserved: 3,
  reserved: 0,
  usable: 77,
  used: 15,
  usedShare: 15 / 77,
};
const server: ServerConnections = {
  total: 11,
  own: 4,
  states: null,
  waiting: 0,
  waitingForLock: 0,
  byApplication: [],
  byUser: [],
  byDatabase: [],
  byClient: [],
  byBackendType: [],
  limits,
  hidden: null,
};
const pools = (waiting: number): ApplicationPools => ({
  instances: [],
  byPurpose: [
    {
      purpose: "watch",
      instances: 1,
      max: 2,
      total: 2,
      active: 2,
      idle: 0,
      connecting: 0,
      waiting,
      acquired: 9,
      timedOut: 0,
      rejected: 0,
      failed: 0,
      worstAcquireMs: { p50: 0, p95: 0, p99: 0, max: 0 },
    },
  ],
});
const blockers: Blockers = {
  roots: [
    {
      pid: 4711,
      session: null,
      waitsFor: null,
      holds: [],
      blockedBy: [],
      blockedCount: 3,
      longestWaitSeconds: 42,
      inCycle: false,
      waiters: [],
    },
  ],
  blockedTotal: 3,
  notShown: 0,
  hidden: null,
};

test("when nothing waits it says so, with how much room there is", () => {
  expect(describeWaiting(pools(0), server, undefined, null)).toEqual({
    state: "ok",
    title: "Nothing is waiting.",
    detail: "2 of 2 pooled connections are busy, 15 of 77 usable server connections are taken.",
  });
});

test("the first place a request waits in is named first: the pool before the server", () => {
  const blocked = { ...server, waiting: 3, waitingForLock: 3 };
  expect(describeWaiting(pools(1), blocked, blockers, null).title).toBe(
    "In the application: 1 request waits for a pooled connection.",
  );
  expect(describeWaiting(pools(0), blocked, blockers, { clients: 2, seconds: 1.5 })).toMatchObject({
    state: "warning",
    title: "In the pooler: 2 clients wait for a server connection, the longest for 1.5 s.",
  });
  const pool = { user: "app", database: "shop" };
  expect(describeWaiting(pools(0), blocked, blockers, { clients: 2, seconds: 1.5, pool }).detail).toMatch(
    /^First in the pool of user app for database shop: see PgBouncer's pools below; /,
  );
  expect(describeWaiting(pools(0), blocked, blockers, null)).toEqual({
    state: "critical",
    title: "In the server: 3 connections wait for a lock, the longest for 42 s.",
    detail: "Session 4711 holds up 3; see who blocks whom below.",
  });
});

test("a full server, hidden states and waits for the disk are each said for what they are", () => {
  const full = { ...server, limits: { ...limits, used: 70, usedShare: 70 / 77 } };
  expect(describeWaiting(undefined, full, undefined, null)).toMatchObject({ state: "critical" });
  const blind = {
    ...server,
    waiting: null,
    waitingForLock: null,
    hidden: { code: "no_grant" as const, reason: "The role guest may not see them." },
  };
  expect(describeWaiting(undefined, blind, undefined, null)).toMatchObject({
    state: "unknown",
    detail: "The role guest may not see them.",
  });
  expect(describeWaiting(undefined, { ...server, waiting: 2 }, undefined, null)).toMatchObject({
    state: "notice",
    title: "Nothing queues; 2 running queries wait inside the server.",
  });
});
