import { heldInWords, waitedForInWords } from "./lock-words.ts";
import type { BlockerNode, LockTarget, ServerSession } from "./types.ts";

/** One session that waits for a lock, as read from pg_locks. */
export interface Waiter extends LockTarget {
  pid: number;
  waitSeconds: number | null;
  blockedBy: number[];
  /** What its blockers hold, or have asked for before it, on the same object. */
  blockers: { pid: number; mode: string; granted: boolean; gid: string | null }[];
}

/**
 * Who waits for whom as trees: roots are sessions that block without waiting, and of each circle (a deadlock
 * not yet broken) one member. Everybody stands in the trees once, below the blocker nearest to a root.
 */
export function buildBlockerTree(
  waiters: readonly Waiter[],
  sessions: ReadonlyMap<number, ServerSession>,
): BlockerNode[] {
  const waiting = new Map(waiters.map((waiter) => [waiter.pid, waiter]));
  const waitersOf = new Map<number, number[]>();
  for (const { pid, blockedBy } of waiters) {
    for (const blocker of new Set(blockedBy)) {
      if (blocker !== pid) waitersOf.set(blocker, [...(waitersOf.get(blocker) ?? []), pid]);
    }
  }

  const placed = new Set<number>();
  const grow = (rootPid: number): BlockerNode => {
    const root = describe(rootPid);
    placed.add(rootPid);
    const queue = [root];
    for (let node = queue.shift(); node; node = queue.shift()) {
      for (const pid of waitersOf.get(node.pid) ?? []) {
        if (placed.has(pid)) continue;
        placed.add(pid);
        const child = describe(pid);
        node.waiters.push(child);
        queue.push(child);
      }
      node.waiters.sort(longestFirst);
    }
    return root;
  };

  const describe = (pid: number): BlockerNode => {
    const own = waiting.get(pid);
    const behind = reachable(pid, waitersOf);
    const waits = [...behind].filter((p) => p !== pid).map((p) => waiting.get(p)?.waitSeconds ?? null);
    const known = waits.filter((seconds) => seconds !== null);
    return {
      pid,
      session: sessions.get(pid) ?? null,
      waitsFor: own
        ? {
            ...{
              lockType: own.lockType,
              mode: own.mode,
              relation: own.relation,
              waitSeconds: own.waitSeconds,
            },
            words: waitedForInWords(own, namesOf(own)),
          }
        : null,
      holds: heldBy(pid, waitersOf.get(pid) ?? [], waiting),
      blockedBy: own?.blockedBy ?? [],
      blockedCount: waits.length,
      longestWaitSeconds: known.length > 0 ? Math.max(...known) : null,
      inCycle: behind.has(pid),
      waiters: [],
    };
  };

  const free = [...waitersOf.keys()].filter((pid) => !waiting.has(pid));
  const roots = free.map(grow);
  for (const { pid } of waiters) if (!placed.has(pid)) roots.push(grow(memberOfCycle(pid, waiting)));
  return roots.sort((a, b) => b.blockedCount - a.blockedCount || longestFirst(a, b));
}

function longestFirst(a: BlockerNode, b: BlockerNode): number {
  const wait = (node: BlockerNode) => node.waitsFor?.waitSeconds ?? node.longestWaitSeconds ?? 0;
  return wait(b) - wait(a) || a.pid - b.pid;
}

/** Everybody behind a pid, itself included only when it waits in a circle. */
function reachable(pid: number, waitersOf: ReadonlyMap<number, number[]>): Set<number> {
  const seen = new Set<number>();
  const stack = [...(waitersOf.get(pid) ?? [])];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    stack.push(...(waitersOf.get(next) ?? []));
  }
  return seen;
}

/** Follows blockers until one comes up twice. A waiter without known blockers ends the walk itself. */
function memberOfCycle(start: number, waiting: ReadonlyMap<number, Waiter>): number {
  const seen = new Set<number>();
  let pid = start;
  while (!seen.has(pid)) {
    seen.add(pid);
    const next = waiting.get(pid)?.blockedBy.find((blocker) => blocker !== pid && waiting.has(blocker));
    if (next === undefined) return pid;
    pid = next;
  }
  return pid;
}

function heldBy(
  pid: number,
  waiterPids: readonly number[],
  waiting: ReadonlyMap<number, Waiter>,
): BlockerNode["holds"] {
  const held = new Map<string, BlockerNode["holds"][number]>();
  for (const waiterPid of waiterPids) {
    const waiter = waiting.get(waiterPid);
    for (const lock of waiter?.blockers ?? []) {
      if (lock.pid !== pid || !waiter) continue;
      const { mode, granted, gid } = lock;
      const target = { lockType: waiter.lockType, relation: waiter.relation, mode, granted };
      held.set(JSON.stringify([target, gid]), { ...target, gid, words: heldInWords(target) });
    }
  }
  return [...held.values()];
}

function namesOf({ blockedBy, blockers }: Waiter): string[] {
  const gids = [...new Set(blockers.flatMap(({ gid }) => gid ?? []))];
  const prepared =
    gids.length > 0 ? gids.map((gid) => `prepared transaction ${gid}`) : ["a prepared transaction"];
  return [...new Set(blockedBy)].flatMap((pid) => (pid === 0 ? prepared : [`pid ${pid}`]));
}
