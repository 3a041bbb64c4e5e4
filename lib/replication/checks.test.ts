import { expect, test } from "vitest";
import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { Check, Limits, LimitsFor, ObjectState } from "../check.ts";
import { standingOf } from "../evaluation/standing.ts";
import { tellFindings } from "../evaluation/tell-findings.ts";
import { archiving, judgeArchiver } from "./check-archiving.ts";
import { judgeLag, lagBytes, lagSeconds } from "./check-lag.ts";
import {
  drainedReplica,
  foreignServer,
  judgeNode,
  nodeConditions,
  replicaDown,
  splitBrain,
} from "./check-nodes.ts";
import { judgeReceiver, receiver as receiverCheck } from "./check-receiver.ts";
import { judgeAtRisk, judgeLost, judgeRetained, lostSlot, slotAtRisk, slotRetained } from "./check-slots.ts";
import type { Archiver } from "./get-archiver.ts";
import type { Slot } from "./get-slots.ts";
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

const limitsOf =
  (check: Check): LimitsFor =>
  () =>
    check.thresholds as Limits;

function tell(...answers: [check: Check, objects: (ObjectState | null)[]][]) {
  const looks = answers.map(([check, objects]) => ({
    ...{ check, evaluatedAt: since, tookMs: 0, error: null },
    answer: { objects: objects.filter((object) => object !== null), complete: true },
  }));
  return tellFindings(standingOf(looks, []));
}

/** What all checks on servers say of them. */
function tellServers(...servers: ReplicationServer[]) {
  const nodes = servers.flatMap(({ node }) => node ?? []);
  const lags = (figure: "lagBytes" | "lagSeconds", check: Check) =>
    servers
      .filter((each) => each[figure] !== null && each.role === "standby")
      .map((each) => judgeLag(each, figure, limitsOf(check)));
  return tell(
    [splitBrain, nodes.map((each) => judgeNode(nodeConditions.splitBrain, each))],
    [foreignServer, nodes.map((each) => judgeNode(nodeConditions.foreign, each))],
    [replicaDown, nodes.map((each) => judgeNode(nodeConditions.down, each))],
    [drainedReplica, nodes.map((each) => judgeNode(nodeConditions.drained, each))],
    [receiverCheck, servers.map(judgeReceiver)],
    [lagBytes, lags("lagBytes", lagBytes)],
    [lagSeconds, lags("lagSeconds", lagSeconds)],
  );
}

test.each([
  [{ lagBytes: 100 * 1_024 ** 2 - 1, lagSeconds: 29 }, []],
  [{ lagBytes: 100 * 1_024 ** 2, lagSeconds: 0 }, ["warning"]],
  [{ lagBytes: 0, lagSeconds: 30 }, ["warning"]],
  [{ lagBytes: 1_024 ** 3, lagSeconds: 30 }, ["critical"]],
  [{ lagBytes: 5, lagSeconds: 300 }, ["critical"]],
  [{ lagBytes: 100 * 1_024 ** 2, lagSeconds: 300 }, ["critical", "warning"]],
  [{ lagBytes: null, lagSeconds: null }, []],
] as const)("a standby with %j is %j", (lag, severities) => {
  expect(tellServers(server(lag)).map((f) => f.severity)).toEqual(severities);
});

test("the sentence names the standby and both figures", () => {
  const [finding, ...rest] = tellServers(server({ lagBytes: 250_000_000, lagSeconds: 45 }));
  expect(finding?.title).toBe("Standby replica-1 is 250 MB and 45 s behind.");
  expect(finding).toMatchObject({ object: { kind: "standby", name: "h2:5432" }, value: 250_000_000 });
  expect(rest).toEqual([]);
});

test("a standby without a receiver is critical, however little it had left to replay", () => {
  const cut = receiver({ connected: false, lagSeconds: 7_200, lastReplayedAt: since });
  expect(tellServers(server({ receiver: cut }))).toMatchObject([
    { check: "replication.receiver", severity: "critical", since },
  ]);
  expect(tellServers(server({ receiver: receiver({}) }))).toEqual([]);
});

test("a server tells one thing, the gravest: two primaries before one that is down, both before lag", () => {
  const named = (
    key: string,
    state: NodeStatus["state"],
    reason: string | null,
    rest: Partial<ReplicationServer>,
  ) => server({ key, node: { ...node(state, reason), name: key }, ...rest });
  const found = tellServers(
    named("h2:1", "stale", "it is read-write on timeline 1, but h1:5432 is the primary (timeline 2)", {
      role: "unknown",
    }),
    named("h2:2", "down", "the server does not answer", { lagSeconds: null, lagBytes: null }),
    named("h2:3", "drained", "it is 45 s behind the primary", { lagSeconds: 45 }),
    named("h2:4", "drained", "it did not answer its last probe", {}),
    named("h2:5", "foreign", null, {}),
    named("h2:6", "up", null, {}),
  );
  expect(found.map(({ check, severity, object, path }) => [check, severity, object, path])).toEqual(
    (
      [
        ["split_brain", "critical", "h2:1"],
        ["foreign_server", "critical", "h2:5"],
        ["replica_down", "critical", "h2:2"],
        ["drained", "warning", "h2:4"],
        ["lag_seconds", "warning", "h2:3"],
      ] as const
    ).map(([check, severity, name]) => [
      `replication.${check}`,
      severity,
      { kind: "standby", name },
      "replication",
    ]),
  );
  expect(found[0]?.detail).toContain("timeline 2");
  expect(found[2]?.title).toBe("Replica h2:2 is down: the server does not answer.");
});

const slot = (given: Partial<Slot>): Slot => ({
  name: "s",
  type: "physical",
  active: false,
  database: null,
  keepsWal: true,
  retainedBytes: 0,
  walStatus: "reserved",
  safeBytes: null,
  xminAge: null,
  reader: null,
  temporary: false,
  synced: false,
  inactiveSince: null,
  lostBecause: null,
  ...given,
});

test.each([
  [{ retainedBytes: 1_024 ** 3 - 1 }, []],
  [{ retainedBytes: 1_024 ** 3 }, ["slot_retained warning"]],
  [{ walStatus: "unreserved", retainedBytes: 2_000_000_000 }, ["slot_at_risk critical"]],
  [{ walStatus: "lost", retainedBytes: 2_000_000_000 }, ["slot_lost critical"]],
  [{ lostBecause: "idle_timeout" }, ["slot_lost critical"]],
] as const)("a slot with %j is %j", (given, said) => {
  const each = slot(given);
  const found = tell(
    [lostSlot, [judgeLost(each)]],
    [slotAtRisk, [judgeAtRisk(each)]],
    [slotRetained, [judgeRetained(each, limitsOf(slotRetained), since)]],
  );
  expect(found.map(({ check, severity }) => `${check} ${severity}`)).toEqual(
    said.map((each) => `replication.${each}`),
  );
});

test("a standby's copy of its primary's slot is never advised to be dropped", () => {
  const words = (given: Partial<Slot>) => {
    const each = slot({ synced: true, active: false, ...given });
    return [judgeLost(each), judgeAtRisk(each), judgeRetained(each, limitsOf(slotRetained), since)];
  };
  for (const given of [
    { retainedBytes: 3e9 },
    { walStatus: "unreserved" },
    { walStatus: "lost" },
    { lostBecause: "wal_removed" },
  ])
    for (const { words: said } of words(given))
      expect(`${said.title} ${said.detail}`).not.toMatch(/pg_drop_replication_slot|drop it|drop the slot/);
  expect(words({ walStatus: "lost" }).map(({ state }) => state)).toEqual(["notice", "ok", "ok"]);
  expect(words({ walStatus: "unreserved" }).map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
  expect(words({ retainedBytes: 3e9 })[2]).toMatchObject({
    state: "warning",
    words: { title: "Slot s keeps 3.0 GB of WAL, as the primary's does." },
  });
});

test("a slot that nobody reads says for how long, by the evaluation's clock", () => {
  const idle = slot({ retainedBytes: 3e9, inactiveSince: since });
  expect(judgeRetained(idle, limitsOf(slotRetained), after(7_200))).toMatchObject({
    since,
    words: { title: "Slot s keeps 3.0 GB of WAL, unread for 2 h." },
  });
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
  const judge = (given: Partial<Archiver>, seconds: number) =>
    judgeArchiver(archiver(given), after(seconds), limitsOf(archiving)({ kind: "target" }));
  expect(judge({}, 899)).toMatchObject({ state: "warning", value: 899, since });
  const late = judge({}, 900);
  expect(late.state).toBe("critical");
  expect(late.words.title).toBe("WAL is not archived: the last attempt failed at 000000010000000000000004.");
  expect(late.words.detail).toContain("2 segments wait");
  expect(judge({ failing: false }, 9_000)).toMatchObject({ state: "ok", value: null, since: null });
});
