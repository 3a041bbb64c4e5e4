import { expect, test } from "vitest";
import { judgeReplication } from "./get-replication-findings.ts";
import type { Receiver, ReplicationStatus, Standby } from "./types.ts";

const standby = (lag: Partial<Standby>): Standby => ({
  pid: 1,
  applicationName: "replica-1",
  clientAddress: null,
  state: "streaming",
  syncState: "async",
  connectedAt: null,
  sentLagBytes: 0,
  writtenLagBytes: 0,
  flushedLagBytes: 0,
  lagBytes: 0,
  lagSeconds: 0,
  ...lag,
});
const receiver = (given: Partial<Receiver>): Receiver => ({
  connected: true,
  status: "streaming",
  senderHost: null,
  senderPort: null,
  lastMessageAt: null,
  lastReplayedAt: null,
  lagBytes: 0,
  lagSeconds: 0,
  ...given,
});
const status = (standbys: Standby[], own: Receiver | null = null): ReplicationStatus => ({
  role: own ? "standby" : "primary",
  standbys,
  receiver: own,
  maxLagBytes: null,
  maxLagSeconds: null,
});

test.each([
  [{ lagBytes: 99_999_999, lagSeconds: 29 }, []],
  [{ lagBytes: 100_000_000, lagSeconds: 0 }, ["warning"]],
  [{ lagBytes: 0, lagSeconds: 30 }, ["warning"]],
  [{ lagBytes: 1_000_000_000, lagSeconds: 30 }, ["critical"]],
  [{ lagBytes: 5, lagSeconds: 300 }, ["critical"]],
  [{ lagBytes: null, lagSeconds: null }, []],
] as const)("a standby with %j is %j", (lag, severities) => {
  expect(judgeReplication(status([standby(lag)])).map((f) => f.severity)).toEqual(severities);
});

test("the sentence names the standby and both figures", () => {
  const [finding] = judgeReplication(status([standby({ lagBytes: 250_000_000, lagSeconds: 45 })]));
  expect(finding?.title).toBe("Standby replica-1 is 250 MB and 45 s behind.");
});

test("a standby without a receiver is critical, however little it had left to replay", () => {
  const lastReplayedAt = new Date("2026-01-02T03:04:05Z");
  const found = judgeReplication(
    status([], receiver({ connected: false, lagSeconds: 7_200, lastReplayedAt })),
  );
  expect(found).toMatchObject([
    { check: "replication.receiver", severity: "critical", since: lastReplayedAt },
  ]);
  expect(judgeReplication(status([], receiver({})))).toEqual([]);
});

test("lag that may not be seen is told, with the grant", () => {
  const unavailable = {
    code: "no_grant",
    reason: "w may not see.",
    enable: "GRANT pg_monitor TO w;",
  } as const;
  const found = judgeReplication(
    status([standby({ state: null, lagBytes: null, lagSeconds: null })]),
    unavailable,
  );
  expect(found).toMatchObject([
    { severity: "notice", title: "1 standby connected, but the lag may not be seen.", unavailable },
  ]);
});
