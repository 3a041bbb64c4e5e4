import { expect, test } from "vitest";
import type { NodeStatus } from "@/lib/audit-db/replicas/types.ts";
import type { ReplicationServer, Standby } from "@/lib/replication/types.ts";
import { buildTree, type ServerBranch } from "./server-tree.ts";
import { describeServer, describeTopology } from "./server-words.ts";
import { stageParts, waitingParts } from "./wal-stages.ts";

const streaming = { state: "streaming", slotType: null } as Standby;
const server = (key: string, given: Partial<ReplicationServer> = {}): ReplicationServer => ({
  key,
  name: key,
  role: "standby",
  node: null,
  upstream: "a",
  standby: streaming,
  receiver: null,
  lagBytes: 0,
  lagSeconds: 0,
  ...given,
});
const primary = server("a", { role: "primary", upstream: null, standby: null });
const node = (state: NodeStatus["state"], reason: string | null = null) =>
  ({ state, reason, since: new Date(0) }) as NodeStatus;

test("what waits at each stage adds up to what is not replayed, and what is unknown stays unknown", () => {
  const lags = { sentLagBytes: 10, writtenLagBytes: 10, flushedLagBytes: 25, lagBytes: 100 };
  expect(waitingParts(lags)).toEqual([10, 0, 15, 75]);
  expect(waitingParts({ ...lags, writtenLagBytes: 7 })).toEqual([10, 0, 18, 75]);
  expect(waitingParts({ ...lags, flushedLagBytes: null })).toEqual([10, 0, null, null]);
  const parts = stageParts({
    series: {
      sentLagBytes: [[1, 0]],
      writtenLagBytes: [[1, 4]],
      flushedLagBytes: [[1, 4]],
      lagBytes: [
        [1, 9],
        [2, null],
      ],
    },
    units: {},
    stepSeconds: 10,
    collectingSince: null,
    observedAt: null,
  });
  expect(parts.series).toEqual({
    sent: [
      [1, 0],
      [2, null],
    ],
    written: [
      [1, 4],
      [2, null],
    ],
    flushed: [
      [1, 0],
      [2, null],
    ],
    replayed: [
      [1, 5],
      [2, null],
    ],
  });
});

const drawn = (branches: ServerBranch[]): unknown[] =>
  branches.map(({ server: { key }, fed, children }) => [key, fed, ...drawn(children)]);

test("a tree has every server once: cascades beneath their sender, the unfed beneath the primary, rivals beside it", () => {
  const tree = buildTree([
    primary,
    server("c", { upstream: "b" }),
    server("b"),
    server("dead", { upstream: null, standby: null, node: node("down") }),
    server("old", { role: "unknown", upstream: null, standby: null, node: node("stale") }),
  ]);
  expect(drawn(tree)).toEqual([
    ["a", false, ["b", true, ["c", true]], ["dead", false]],
    ["old", false],
  ]);
});

test("each state has its word and, where something is wrong, why", () => {
  const told = (given: Partial<ReplicationServer>) => {
    const { state, word, why } = describeServer(server("b", given));
    return [state, word, why];
  };
  expect(told({})).toEqual(["ok", "streaming", null]);
  expect(told({ node: node("up"), lagSeconds: 45 })).toEqual([
    "warning",
    "behind",
    "What it shows is 45 s old",
  ]);
  expect(told({ node: node("drained", "it is 25 s behind the primary") })).toEqual([
    "warning",
    "drained",
    "No reads are sent to it: it is 25 s behind the primary",
  ]);
  expect(told({ node: node("down", "the server does not answer"), standby: null })).toEqual([
    "critical",
    "down",
    "The server does not answer. Reads go to the others",
  ]);
  expect(
    told({ node: node("stale", "it is read-write on timeline 1"), role: "unknown" }).slice(0, 2),
  ).toEqual(["critical", "two primaries"]);
  expect(told({ standby: { ...streaming, state: null } })[0]).toBe("unknown");
  expect(told({ standby: { ...streaming, state: "catchup" } })[1]).toBe("catching up");
});

test("the whole in a sentence: no copy, a copy and its age, copies that are gone, two primaries", () => {
  const { title, state } = describeTopology([primary]);
  expect([state, title]).toEqual(["notice", "No standby is connected. There is no second copy."]);
  expect(describeTopology([primary, server("b")]).title).toBe(
    "1 of 1 standby connected; none is more than a second behind.",
  );
  const dead = server("d", { standby: null, upstream: null, node: node("down"), lagSeconds: null });
  expect(describeTopology([primary, server("b", { lagSeconds: 24.9 }), dead])).toEqual({
    state: "critical",
    title: "1 of 2 standbys connected; the farthest, b, is 24.9 s behind.",
  });
  expect(describeTopology([primary, dead]).title).toBe(
    "0 of 1 standby connected: there is no copy that keeps up.",
  );
  const rival = server("old", { role: "unknown", standby: null, upstream: null, node: node("stale") });
  expect(describeTopology([primary, server("b"), rival]).title).toBe("old takes writes beside the primary.");
});
