import fc from "fast-check";
import { expect, test } from "vitest";
import { buildBlockerTree, type Waiter } from "./blocker-tree.ts";
import type { BlockerNode } from "./types.ts";

function waiter(pid: number, blockedBy: number[], waitSeconds = 1): Waiter {
  const blockers = blockedBy.map((blocker) => ({
    pid: blocker,
    mode: "ExclusiveLock",
    granted: true,
    gid: null,
  }));
  return {
    pid,
    blockedBy,
    waitSeconds,
    lockType: "relation",
    mode: "ShareLock",
    relation: "public.t",
    blockers,
  };
}

const shape = (nodes: BlockerNode[]): unknown[] => nodes.map((n) => [n.pid, shape(n.waiters)]);
const flatten = (nodes: BlockerNode[]): BlockerNode[] => nodes.flatMap((n) => [n, ...flatten(n.waiters)]);

test("roots first, the one that blocks most before the others, the longest wait first below", () => {
  const tree = buildBlockerTree([waiter(11, [1], 5), waiter(22, [2], 3), waiter(23, [2], 9)], new Map());
  expect(shape(tree)).toEqual([
    [
      2,
      [
        [23, []],
        [22, []],
      ],
    ],
    [1, [[11, []]]],
  ]);
  expect(tree[0]).toMatchObject({ blockedCount: 2, longestWaitSeconds: 9, waitsFor: null, inCycle: false });
  expect(tree[0]?.holds).toEqual([
    {
      ...{ lockType: "relation", relation: "public.t", mode: "ExclusiveLock", granted: true, gid: null },
      words: "ExclusiveLock on public.t",
    },
  ]);
});

test("who waits for several stands once and names them all; everybody behind is counted once", () => {
  const tree = buildBlockerTree([waiter(2, [1]), waiter(3, [1, 2]), waiter(4, [3])], new Map());
  const all = flatten(tree);
  expect(all.map((n) => n.pid).toSorted()).toEqual([1, 2, 3, 4]);
  expect(all.find((n) => n.pid === 3)?.blockedBy).toEqual([1, 2]);
  expect(tree[0]?.blockedCount).toBe(3);
  expect(all.find((n) => n.pid === 2)?.blockedCount).toBe(2);
});

test("a circle has one of its members as root, and those behind it hang below", () => {
  const tree = buildBlockerTree([waiter(5, [1]), waiter(1, [2]), waiter(2, [3]), waiter(3, [1])], new Map());
  expect(tree).toHaveLength(1);
  expect(tree[0]).toMatchObject({ inCycle: true, blockedCount: 3 });
  expect(tree[0]?.waitsFor).not.toBeNull();
  expect(
    flatten(tree)
      .map((n) => n.pid)
      .toSorted(),
  ).toEqual([1, 2, 3, 5]);
  expect(flatten(tree).find((n) => n.pid === 5)?.inCycle).toBe(false);
});

test("a prepared transaction is pid 0", () => {
  expect(shape(buildBlockerTree([waiter(7, [0])], new Map()))).toEqual([[0, [[7, []]]]]);
});

test("any graph ends, and everybody in it stands in the trees exactly once", () => {
  const graph = fc
    .uniqueArray(fc.nat(12), { maxLength: 12 })
    .chain((pids) =>
      fc.tuple(
        ...pids.map((pid) =>
          fc
            .uniqueArray(fc.nat(15), { minLength: 1, maxLength: 4 })
            .map((blockedBy) => waiter(pid, blockedBy)),
        ),
      ),
    );
  fc.assert(
    fc.property(graph, (waiters) => {
      const everybody = new Set(waiters.flatMap((w) => [w.pid, ...w.blockedBy]));
      const pids = flatten(buildBlockerTree(waiters, new Map())).map((n) => n.pid);
      expect(pids.toSorted((a, b) => a - b)).toEqual([...everybody].sort((a, b) => a - b));
    }),
  );
});
