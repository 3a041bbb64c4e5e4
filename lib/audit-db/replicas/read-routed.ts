import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { tellRefusal } from "../pool/driver-error.ts";
import type { UseOptions } from "../pool/pool.ts";
import type { Purpose } from "../purpose.ts";
import { isNodeFailure, isOpen } from "./breaker.ts";
import { hasReplayed, hasReplayedAll } from "./health.ts";
import { parseLsn } from "./lsn.ts";
import type { Node } from "./node.ts";
import { orderNodes } from "./routing.ts";
import type { ReadPlace, RouteOptions } from "./types.ts";
import type { WatchedNode } from "./watched-node.ts";

export interface RoutedRead<T> {
  purpose: Purpose;
  name: string;
  options: RouteOptions & UseOptions;
  /** Elsewhere again when a node fails in the middle; else only when it fails before `run` began. */
  mayRepeat: boolean;
  run(sql: Sql, node: Node, place: ReadPlace): Promise<T>;
}

export interface Nodes {
  watched: readonly WatchedNode[];
  primary: WatchedNode;
  /** A running number that deals reads round. */
  turn: number;
  lsnWaitMs: number;
  primaryIsGone: boolean;
}

const pollMs = 15;

/**
 * Runs a read on the best node its options allow, and on the next one when that fails; the primary comes last.
 * @throws AppError BAD_INPUT for a malformed `afterLsn`; what the last node threw
 */
export async function readRouted<T>(request: RoutedRead<T>, nodes: Nodes): Promise<{ data: T } & ReadPlace> {
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
    complete: nodes.primaryIsGone && one.health !== undefined && hasReplayedAll(one.health),
  }));
  const order = orderNodes(routable, { route, maxStalenessMs }, nodes.turn, Date.now());
  let failure: unknown;
  for (const { one, isPrimary } of order) {
    let began = false;
    const place = placeOf(one, nodes);
    const run = async (sql: Sql) => {
      const behind = position !== undefined && !isPrimary && (one.health?.position ?? 0n) < position;
      if (behind && !(await catchUp(sql, afterLsn as string, nodes.lsnWaitMs))) return undefined;
      began = true;
      return { data: await request.run(sql, one.node, place), ...place };
    };
    const silent = new AbortController();
    const giveUp = () => {
      if (request.mayRepeat || !began)
        silent.abort(new AppError("UNAVAILABLE", `${place.node} does not answer.`));
    };
    one.reading.add(giveUp);
    try {
      const answer = await one.node.use(purpose, name, run, leaseOf(options, silent.signal));
      if (!answer) continue;
      one.node.reads++;
      return answer;
    } catch (thrown) {
      failure = thrown;
      if (isNodeFailure(thrown)) void one.check();
      const elsewhere = isNodeFailure(thrown) || isConflict(thrown) || isEnded(thrown, one);
      if (!elsewhere || options.signal?.aborted || (began && !request.mayRepeat))
        throw tellRefusal(thrown, name);
    } finally {
      one.reading.delete(giveUp);
    }
  }
  throw tellRefusal(failure, name);
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

function leaseOf({ signal, timeoutMs }: UseOptions, silent: AbortSignal): UseOptions {
  return {
    signal: signal ? AbortSignal.any([signal, silent]) : silent,
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

/** Where it is read, and while the primary is gone how old that is: nobody can tell what is missing. */
function placeOf({ node, lag }: WatchedNode, { primary, primaryIsGone }: Nodes): ReadPlace {
  if (!primaryIsGone || node === primary.node) return { node: node.name };
  const since = lag.freshAt === null ? primary.status(0).since : new Date(lag.freshAt);
  const ageSeconds = lag.seconds === null ? "" : `, ${Math.round(lag.seconds)} s old`;
  return {
    node: node.name,
    stale: {
      since,
      reason: `${primary.node.name} does not answer; ${node.name} shows the last it was sent${ageSeconds}.`,
    },
  };
}

function positionOf(lsn: string | undefined): bigint | undefined {
  try {
    return lsn === undefined ? undefined : parseLsn(lsn);
  } catch (cause) {
    throw new AppError("BAD_INPUT", "afterLsn is not a WAL position.", { cause });
  }
}
