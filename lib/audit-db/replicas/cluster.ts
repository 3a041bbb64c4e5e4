import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import type { UseOptions } from "../pool.ts";
import type { EngineLogger, NodeEvent, NodeStatus, Purpose, RouteOptions } from "../types.ts";
import { assess } from "./assess.ts";
import { isNodeFailure, isOpen } from "./breaker.ts";
import { electPrimary, type Known } from "./failover.ts";
import { hasReplayed } from "./health.ts";
import { createPrimaryMarks } from "./lag.ts";
import type { ReplicaLimits } from "./limits.ts";
import { parseLsn } from "./lsn.ts";
import type { Node } from "./node.ts";
import { orderNodes } from "./routing.ts";
import { type WatchedNode, watchNode } from "./watched-node.ts";

export interface ClusterOptions {
  target: string;
  /** In configured order, at least two, each with the URL its probe takes. */
  nodes: readonly { node: Node; watchUrl: string }[];
  limits: ReplicaLimits;
  applicationName: string;
  logger: EngineLogger;
  /** Another node became the primary, or the primary answers again or no longer. */
  onPrimary(): void;
}

export interface Cluster {
  /** Resolves once every node was asked. */
  first: Promise<void>;
  /** The primary as last known; what watches stays with it while it is down. */
  primary(): Node;
  /** The node to write to, waiting a bounded time for one. @throws AppError UNAVAILABLE, OVERLOADED */
  writable(signal?: AbortSignal): Promise<Node>;
  find(name: string): Node | undefined;
  /** Asks a node at once how it is, or all of them. */
  check(node?: Node): Promise<void>;
  /** Runs a read where `options` allow; `mayRepeat`: elsewhere again when a node fails in the middle. */
  read<T>(request: RoutedRead<T>): Promise<{ data: T; node: string }>;
  anyUp(): boolean;
  status(): NodeStatus[];
  listen(listener: (event: NodeEvent) => void): () => void;
  close(): Promise<void>;
}

export interface RoutedRead<T> {
  purpose: Purpose;
  name: string;
  options: RouteOptions & UseOptions;
  mayRepeat: boolean;
  run(sql: Sql, node: Node): Promise<T>;
}

const pollMs = 15;

/** Several servers of one target: which is the primary, which are fit to read from, and the way to each. */
export function createCluster(options: ClusterOptions): Cluster {
  const { target, limits, logger } = options;
  const marks = createPrimaryMarks(3 * limits.probeIntervalMs);
  const listeners = new Set<(event: NodeEvent) => void>();
  const waiters = new Set<() => void>();
  const announced = new Set<string>();
  let known: Known = { primary: null, systemId: null, timeline: 0 };
  let primarySince = Date.now();
  let canWrite = false;
  let asked = false;
  let turn = 0;

  const watched = options.nodes.map(({ node, watchUrl }) =>
    watchNode(node, {
      url: watchUrl,
      limits,
      marks,
      applicationName: options.applicationName,
      isPrimary: (name) => name === known.primary,
      report: (one) => {
        if (asked) evaluate(one);
      },
    }),
  );
  const byName = new Map(watched.map((one) => [one.node.name, one]));

  function emit(event: Omit<NodeEvent, "at">): void {
    const full: NodeEvent = { at: new Date(), ...event };
    const log = event.severity === "info" ? logger.info.bind(logger) : logger.warn.bind(logger);
    log({ target, node: event.node, kind: event.kind, ...event.detail }, event.title);
    for (const listener of listeners) listener(full);
  }

  function primary(): WatchedNode {
    return byName.get(known.primary ?? "") ?? (watched[0] as WatchedNode);
  }

  /** Judges the whole cluster anew after one node's probe. */
  function evaluate(reporter: WatchedNode): void {
    const before = known;
    const candidates = watched.flatMap(({ node, health }) =>
      health ? [{ name: node.name, ...health }] : [],
    );
    const verdict = electPrimary(candidates, known);
    known = { primary: verdict.primary, systemId: verdict.systemId, timeline: verdict.timeline };
    if (before.primary !== known.primary) {
      primarySince = Date.now();
      if (before.primary !== null) flip(before.primary, known.primary as string);
    }
    const couldWrite = canWrite;
    // One slow probe of a busy primary must not hold its writers up; a refused connection must.
    const leader = primary();
    canWrite = verdict.writable && (leader.answers || (leader.silent && leader.fitness.fit));
    for (const one of watched) {
      const was = one.state;
      const { role, state, reason } = assess(one, verdict, limits);
      one.role = role;
      if (!one.enter(state, reason)) continue;
      // What still waits for a silent replica or a deposed server would wait for nothing. A silent primary may only
      // be busy: what runs there is ended when another node takes its place.
      const silentReplica = state === "down" && was !== "connecting" && one !== leader;
      if (silentReplica || state === "stale" || state === "foreign") one.node.drop();
      announceReplica(one, was);
    }
    announceStale(reporter, verdict.stale, verdict.writable);
    announceForeign(verdict.foreign);
    if (canWrite) for (const wake of waiters) wake();
    if (couldWrite !== canWrite) options.onPrimary();
  }

  function flip(from: string, to: string): void {
    marks.clear();
    byName.get(from)?.node.drop();
    byName.get(to)?.node.forget();
    emit({
      kind: "role_flip",
      severity: "warning",
      node: to,
      title: `${to} is the primary now, in place of ${from}`,
      detail: { from, to, timeline: known.timeline },
    });
    options.onPrimary();
  }

  function announceReplica(one: WatchedNode, was: WatchedNode["state"]): void {
    if (one.role === "primary") return;
    const { name } = one.node;
    if (was === "up" && (one.state === "drained" || one.state === "down")) {
      const { reason } = one.status(0);
      emit({
        kind: "replica_drained",
        severity: "warning",
        node: name,
        title: `No reads are sent to replica ${name}: ${reason}`,
        detail: { state: one.state, reason, lagSeconds: one.lag.seconds },
      });
    } else if (one.state === "up" && (was === "drained" || was === "down")) {
      emit({
        kind: "replica_back",
        severity: "info",
        node: name,
        title: `Replica ${name} takes reads again`,
        detail: { lagSeconds: one.lag.seconds },
      });
    }
  }

  /** Only a probe begun after the primary was found proves that the other one is still read-write. */
  function announceStale(reporter: WatchedNode, stale: readonly string[], elected: boolean): void {
    for (const name of announced)
      if (!stale.includes(name) && byName.get(name)?.health) announced.delete(name);
    const { name } = reporter.node;
    if (!stale.includes(name) || announced.has(name) || reporter.healthAt < primarySince) return;
    if (!reporter.answers) return;
    announced.add(name);
    const rival = elected ? `${known.primary} is the primary` : `timeline ${known.timeline} has been seen`;
    emit({
      kind: "split_brain",
      severity: "critical",
      node: name,
      title: `${name} is read-write on timeline ${reporter.health?.timeline}, but ${rival}: writes to it are refused`,
      detail: {
        node: name,
        timeline: reporter.health?.timeline,
        primary: elected ? known.primary : null,
        primaryTimeline: known.timeline,
      },
    });
  }

  function announceForeign(foreign: readonly string[]): void {
    for (const name of foreign) {
      if (announced.has(`foreign ${name}`)) continue;
      announced.add(`foreign ${name}`);
      emit({
        kind: "foreign_node",
        severity: "critical",
        node: name,
        title: `${name} belongs to another cluster and is not used`,
        detail: { systemId: byName.get(name)?.health?.systemId, expected: known.systemId },
      });
    }
  }

  const first = Promise.all(watched.map((one) => one.check())).then(() => {
    asked = true;
    for (const one of watched) evaluate(one);
  });

  function refusal(): AppError {
    const stale = watched.filter((one) => one.state === "stale").map((one) => one.node.name);
    const why =
      stale.length > 0
        ? `${stale.join(" and ")} is read-write but not the primary of timeline ${known.timeline}, so nothing is written there`
        : `${primary().node.name} does not answer and no other node is the primary`;
    return new AppError("UNAVAILABLE", `${target} has no primary to write to: ${why}.`, {
      since: primary().status(0).since,
      retryAfterSeconds: Math.ceil(limits.failoverWaitMs / 1_000),
    });
  }

  async function writable(signal?: AbortSignal): Promise<Node> {
    if (!asked) await first;
    if (canWrite) return primary().node;
    if (waiters.size >= limits.failoverQueueLimit)
      throw new AppError("OVERLOADED", `${waiters.size} writes already wait for a primary of ${target}.`, {
        retryAfterSeconds: Math.ceil(limits.failoverWaitMs / 1_000),
      });
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiters.delete(wake);
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      const wake = () => {
        leave();
        resolve();
      };
      const abort = () => {
        leave();
        reject(signal?.reason);
      };
      const timer = setTimeout(wake, limits.failoverWaitMs);
      waiters.add(wake);
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    });
    if (!canWrite) throw refusal();
    return primary().node;
  }

  function readsOfAll(): number {
    return watched.reduce((sum, one) => sum + one.node.reads, 0);
  }

  /** True once the node has replayed `lsn`, waiting a bounded time. */
  async function caughtUp(sql: Sql, one: WatchedNode, lsn: string | undefined): Promise<boolean> {
    if (lsn === undefined || one.node.name === known.primary) return true;
    if (one.health && one.health.position >= parseLsn(lsn)) return true;
    const until = Date.now() + limits.lsnWaitMs;
    while (!(await hasReplayed(sql, lsn))) {
      if (Date.now() >= until) return false;
      await delay(pollMs);
    }
    return true;
  }

  async function read<T>(request: RoutedRead<T>): Promise<{ data: T; node: string }> {
    if (!asked) await first;
    const { purpose, name, options: wanted } = request;
    if (wanted.afterLsn !== undefined) checkLsn(wanted.afterLsn);
    const routable = watched.map((one) => ({
      one,
      name: one.node.name,
      isPrimary: one === primary(),
      fit: one.state === "up" && !isOpen(one.node.breaker),
      latencyMs: one.status(0).latencyMs,
      freshAt: one.lag.freshAt,
    }));
    const { route = "primary", maxStalenessMs, afterLsn } = wanted;
    const order = orderNodes(routable, { route, maxStalenessMs }, turn++, Date.now());
    for (const { one } of order) {
      let began = false;
      const isLast = one === primary();
      try {
        const answer = await one.node.use(
          purpose,
          name,
          async (sql) => {
            if (!isLast && !(await caughtUp(sql, one, afterLsn))) return undefined;
            began = true;
            return { data: await request.run(sql, one.node), node: one.node.name };
          },
          leaseOf(wanted),
        );
        if (!answer) continue;
        one.node.reads++;
        return answer;
      } catch (thrown) {
        const elsewhere = isNodeFailure(thrown) || isConflict(thrown) || isClosed(thrown, one);
        if (isNodeFailure(thrown)) void one.check();
        const last = order.at(-1)?.one === one;
        if (last || !elsewhere || wanted.signal?.aborted || (began && !request.mayRepeat)) throw thrown;
      }
    }
    throw refusal();
  }

  return {
    first,
    primary: () => primary().node,
    writable,
    find: (name) => byName.get(name)?.node,
    async check(node) {
      if (node) await byName.get(node.name)?.check();
      else await Promise.all(watched.map((one) => one.check()));
    },
    read,
    anyUp: () => watched.some((one) => one.state === "up" && one.answers),
    status() {
      const all = readsOfAll();
      const leader = primary();
      return [leader, ...watched.filter((one) => one !== leader)].map((one) => one.status(all));
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      await Promise.all(watched.map((one) => one.stop()));
      for (const wake of waiters) wake();
    },
  };
}

/** A standby cancels what holds back its replay; the primary has no such conflict. */
function isConflict(thrown: unknown): boolean {
  return (thrown as { code?: string }).code === "40001";
}

/** Our own end of the pool, because the node was found silent meanwhile. */
function isClosed(thrown: unknown, one: WatchedNode): boolean {
  return thrown instanceof AppError && thrown.code === "UNAVAILABLE" && one.state !== "up";
}

function leaseOf({ signal, timeoutMs }: UseOptions): UseOptions {
  return { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
}

function checkLsn(lsn: string): void {
  try {
    parseLsn(lsn);
  } catch (cause) {
    throw new AppError("BAD_INPUT", "afterLsn is not a WAL position.", { cause });
  }
}
