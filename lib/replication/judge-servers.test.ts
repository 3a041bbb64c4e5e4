import { expect, test } from "vitest";
import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { Archiver } from "./get-archiver.ts";
import type { Slot } from "./get-slots.ts";
import { judgeArchiver } from "./judge-archiver.ts";
import { judgeServers } from "./judge-servers.ts";
import { judgeSlots } from "./judge-slots.ts";
import type { Receiver, ReplicationServer } from "./types.ts";

const since = new Date("2026-01-02T03:04:05Z");
const server = (given: Partial<ReplicationServer> = {}): ReplicationServer => ({
  key: "h2:5432",
  name: "replica-1",
  role: "standby",
  node: null,
  upstream: "h1:5432",
  standby: null,
  receiver: null,
  lagBytes: 0,
  lagSeconds: 0,
  ...given,
});
const node = (state: NodeStatus["state"], reason: string | null = null) =>
  ({ name: "h2:5432", state, reason, since }) as NodeStatus;
const receiver = (given: Partial<Receiver>): Receiver => ({
  connected: true,
  status: "streaming",
  senderHost: null,
  senderPort: null,
  applicationName: null,
  slot: null,
  serverAddress: null,
  lastMessageAt: null,
  lastReplayedAt: null,
  lagBytes: 0,
  lagSeconds: 0,
  ...given,
});

test.each([
  [{ lagBytes: 99_999_999, lagSeconds: 29 }, []],
  [{ lagBytes: 100_000_000, lagSeconds: 0 }, ["warning"]],
  [{ lagBytes: 0, lagSeconds: 30 }, ["warning"]],
  [{ lagBytes: 1_000_000_000, lagSeconds: 30 }, ["critical"]],
  [{ lagBytes: 5, lagSeconds: 300 }, ["critical"]],
  [{ lagBytes: null, lagSeconds: null }, []],
] as const)("a standby with %j is %j", (lag, severities) => {
  expect(judgeServers([server(lag)]).map((f) => f.severity)).toEqual(severities);
});

test("the sentence names the standby and both figures", () => {
  const [finding] = judgeServers([server({ lagBytes: 250_000_000, lagSeconds: 45 })]);
  expect(finding?.title).toBe("Standby replica-1 is 250 MB and 45 s behind.");
});

test("a standby without a receiver is critical, however little it had left to replay", () => {
  const cut = receiver({ connected: false, lagSeconds: 7_200, lastReplayedAt: since });
  expect(judgeServers([server({ receiver: cut })])).toMatchObject([
    { check: "replication.receiver", severity: "critical", since },
  ]);
  expect(judgeServers([server({ receiver: receiver({}) })])).toEqual([]);
});

test("a server tells one thing, the gravest: two primaries before one that is down, both before lag", () => {
  const found = judgeServers([
    server({
      node: node("stale", "it is read-write on timeline 1, but h1:5432 is the primary (timeline 2)"),
      role: "unknown",
    }),
    server({ node: node("down", "the server does not answer"), lagSeconds: null, lagBytes: null }),
    server({ node: node("drained", "it is 45 s behind the primary"), lagSeconds: 45 }),
    server({ node: node("drained", "it did not answer its last probe") }),
    server({ node: node("foreign") }),
    server({ node: node("up") }),
  ]);
  expect(found.map(({ check, severity, path }) => [check, severity, path])).toEqual([
    ["replication.split_brain", "critical", "replication"],
    ["replication.down", "critical", "replication"],
    ["replication.lag", "warning", "replication"],
    ["replication.drained", "warning", "replication"],
    ["replication.foreign", "critical", "replication"],
  ]);
  expect(found[0]?.detail).toContain("timeline 2");
  expect(found[1]?.title).toBe("Replica h2:5432 is down: the server does not answer.");
});

const slot = (given: Partial<Slot>): Slot => ({
  name: "s",
  type: "physical",
  active: false,
  database: null,
  retainedBytes: 0,
  walStatus: "reserved",
  safeBytes: null,
  xminAge: null,
  reader: null,
  inactiveSince: null,
  lostBecause: null,
  ...given,
});

test.each([
  [{ retainedBytes: 1_000_000_000 }, []],
  [{ retainedBytes: 1_000_000_001 }, ["warning"]],
  [{ walStatus: "unreserved" }, ["critical"]],
  [{ walStatus: "lost" }, ["critical"]],
  [{ lostBecause: "idle_timeout" }, ["critical"]],
] as const)("a slot with %j is %j", (given, severities) => {
  expect(judgeSlots([slot(given)]).map((f) => f.severity)).toEqual(severities);
});

const archiver = (given: Partial<Archiver>): Archiver => ({
  mode: "on",
  archived: 3,
  failed: 1,
  lastArchivedWal: "000000010000000000000003",
  lastArchivedAt: since,
  lastFailedWal: "000000010000000000000004",
  lastFailedAt: since,
  failing: true,
  waiting: 2,
  segmentBytes: 16_777_216,
  since: null,
  ...given,
});
const after = (seconds: number) => new Date(since.getTime() + seconds * 1_000);

test("archiving that fails is a warning, and critical after a quarter of an hour without an archived segment", () => {
  expect(judgeArchiver(archiver({}), after(900))).toMatchObject([{ severity: "warning", since }]);
  const [late] = judgeArchiver(archiver({}), after(901));
  expect(late).toMatchObject({ severity: "critical", path: "replication" });
  expect(late?.title).toBe("WAL is not archived: the last attempt failed at 000000010000000000000004.");
  expect(late?.detail).toContain("2 segments wait");
  expect(judgeArchiver(archiver({ failing: false }), after(9_000))).toEqual([]);
  expect(judgeArchiver(archiver({ mode: "off" }), after(9_000))).toEqual([]);
});
