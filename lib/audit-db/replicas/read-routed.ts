import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import type { UseOptions } from "../pool.ts";
import type { Purpose, RouteOptions } from "../types.ts";
import { isNodeFailure, isOpen } from "./breaker.ts";
import { hasReplayed } from "./health.ts";
import { parseLsn } from "./lsn.ts";
import type { Node } from "./node.ts";
import { orderNodes } from "./routing.ts";
import type { WatchedNode } from "./watched-node.ts";

export interface RoutedRead<T> {
  purpose: Purpose;
  name: string;
  options: RouteOptions & UseOptions;
  /** Elsewhere again when a node fails in the middle; else only when it fails before `run` began. */
  mayRepeat: boolean;
  run(sql: Sql, node: Node): Promise<T>;
}

export interface Nodes {
  watched: readonly WatchedNode[];
  primary: WatchedNode;
  /** A running number that deals reads round. */
  turn: number;
  lsnWaitMs: number;
}

const pollMs = 15;

/**
 * Runs a read on the best node its options allow, and on the next one when that fails; the primary comes last.
 * @throws AppError BAD_INPUT for a malformed `afterLsn`; what the last node threw
 */
export async function readRouted<T>(
  request: RoutedRead<T>,
  nodes: Nodes,
): Promise<{ data: T; node: string }> {
  const { purpose, name, options } = request;
  const { route = "primary", maxStalenessMs, afterLsn } = options;
  const position = positionOf(afterLsn);
  const routable = nodes.watched.map((one) => ({
    one,
    name: one.node.name,
    isPrimary: one === nodes.primary,
    fit: one.state === "up" && !isOpen(one.node.breaker),
    latencyMs: one.status(0).latencyMs,
    freshAt: one.lag.freshAt,
  }));
  const order = orderNodes(routable, { route, maxStalenessMs }, nodes.turn, Date.now());
  let failure: unknown;
  for (const { one, isPrimary } of order) {
    let began = false;
    const run = async (sql: Sql) => {
      const behind = position !== undefined && !isPrimary && (one.health?.position ?? 0n) < position;
      if (behind && !(await catchUp(sql, afterLsn as string, nodes.lsnWaitMs))) return undefined;
      began = true;
      return { data: await request.run(sql, one.node), node: one.node.name };
    };
    try {
      const answer = await one.node.use(purpose, name, run, leaseOf(options));
      if (!answer) continue;
      one.node.reads++;
      return answer;
    } catch (thrown) {
      failure = thrown;
      if (isNodeFailure(thrown)) void one.check();
      const elsewhere = isNodeFailure(thrown) || isConflict(thrown) || isEnded(thrown, one);
      if (!elsewhere || options.signal?.aborted || (began && !request.mayRepeat)) throw thrown;
    }
  }
  throw failure;
}

/** True once the node has replayed `lsn`, asking again for a bounded time. */
async function catchUp(sql: Sql, lsn: string, waitMs: number): Promise<boolean> {
  const until = Date.now() + waitMs;
  while (!(await hasReplayed(sql, lsn))) {
    if (Date.now() >= until) return false;
    await delay(pollMs);
  }
  return true;
}

/** A standby cancels what holds back its replay; the primary has no such conflict. */
function isConflict(thrown: unknown): boolean {
  return (thrown as { code?: string }).code === "40001";
}

/** We ended the pool ourselves, because the node was found silent meanwhile. */
function isEnded(thrown: unknown, one: WatchedNode): boolean {
  return thrown instanceof AppError && thrown.code === "UNAVAILABLE" && one.state !== "up";
}

function leaseOf({ signal, timeoutMs }: UseOptions): UseOptions {
  return { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
}

function positionOf(lsn: string | undefined): bigint | undefined {
  try {
    return lsn === undefined ? undefined : parseLsn(lsn);
  } catch (cause) {
    throw new AppError("BAD_INPUT", "afterLsn is not a WAL position.", { cause });
  }
}
