import type { Sql } from "postgres";
import type { Address } from "../../address/types.ts";
import { AppError } from "../../errors.ts";
import { meaningOf, sqlStateOf } from "../../sql-state.ts";
import { explainFailedProbe, isConnectionError } from "../pool/driver-error.ts";
import { createPool } from "../pool/pool.ts";
import { breakerState, isBroken, isSilent, SilentNode } from "./breaker.ts";
import { type Health, hasReplayedAll, readHealth } from "./health.ts";
import { type Fitness, judgeProbe, unknownFitness } from "./hysteresis.ts";
import type { Lag, PrimaryMarks } from "./lag.ts";
import type { ReplicaLimits } from "./limits.ts";
import { formatLsn } from "./lsn.ts";
import type { Node } from "./node.ts";
import { probePool } from "./probe-pool.ts";
import type { NodeRole, NodeState, NodeStatus } from "./types.ts";

/** A node with what its probes found. */
export interface WatchedNode {
  readonly node: Node;
  /** What its last answered probe said; undefined before one, or once it is held to be down. */
  health: Health | undefined;
  /** Epoch milliseconds at which the probe behind `health` began. */
  healthAt: number;
  /** Whether the last probe was answered. */
  answers: boolean;
  /** It accepted the last probe's connection and said nothing in time. */
  silent: boolean;
  fitness: Fitness;
  lag: Lag;
  role: NodeRole;
  state: NodeState;
  /** Reads to be given up once the node is held to be down: what to do about each. */
  readonly reading: Set<() => void>;
  status(readsOfAll: number): NodeStatus;
  /** Moves to a state; true when it is another one. */
  enter(state: NodeState, reason: string | null): boolean;
  /** Asks the server once, or joins the question under way; afterwards `report` is called. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

const noLag: Lag = { bytes: null, seconds: null, freshAt: null };

/** Probes one node again and again on a connection of its own, so that no long read keeps the probe waiting. */
export function watchNode(
  node: Node,
  options: {
    address: Address;
    limits: ReplicaLimits;
    marks: PrimaryMarks;
    isPrimary(name: string): boolean;
    /** No node is known to take writes. */
    primaryIsGone(): boolean;
    applicationName: string;
    report(watched: WatchedNode): void;
  },
): WatchedNode {
  const { limits, marks } = options;
  const pool = createPool({
    purpose: "watch",
    address: options.address,
    limits: probePool(limits.probeTimeoutMs),
    applicationName: options.applicationName,
  });
  let timer: NodeJS.Timeout | undefined;
  let underway: Promise<void> | undefined;
  let stopped = false;
  let since = new Date();
  let reason: string | null = null;
  let latencyMs: number | null = null;
  let probedAt: Date | null = null;
  let silence = "it has not answered yet";

  async function probe(): Promise<boolean> {
    const began = Date.now();
    let tookMs = 0;
    const timed = async (sql: Sql) => {
      // From here on, so that opening the connection counts for no distance.
      const clock = performance.now();
      const health = await readHealth(sql);
      tookMs = performance.now() - clock;
      return health;
    };
    const ask = () =>
      pool.use("engine.health", timed, { timeoutMs: limits.probeTimeoutMs }).catch((thrown) => {
        throw thrown instanceof AppError && thrown.code === "TIMEOUT" ? new SilentNode() : thrown;
      });
    try {
      const health = await (node.breaker ? node.breaker.execute(ask) : ask());
      latencyMs = latencyMs === null ? tookMs : latencyMs * 0.8 + tookMs * 0.2;
      watched.health = health;
      watched.silent = false;
      watched.healthAt = began;
      if (!health.inRecovery && options.isPrimary(node.name)) marks.note(health.position, began);
      watched.lag = health.inRecovery ? marks.lagOf(health, Date.now()) : noLag;
      return true;
    } catch (thrown) {
      watched.silent = isSilent(thrown);
      if (watched.silent) silence = "the server does not answer";
      else if (!isBroken(thrown)) silence = explainSilence(thrown);
      return false;
    } finally {
      probedAt = new Date();
    }
  }

  /** Behind a primary that is gone nobody can be: whoever has replayed what it was sent shows the newest there is. */
  function lagsBehind(): boolean {
    const { health, lag } = watched;
    if (!health?.inRecovery || (lag.seconds ?? 0) <= limits.drainLagSeconds) return false;
    return !(options.primaryIsGone() && hasReplayedAll(health));
  }

  async function round(): Promise<void> {
    clearTimeout(timer);
    watched.answers = await probe();
    underway = undefined;
    if (stopped) return;
    watched.fitness = judgeProbe(watched.fitness, watched.answers && !lagsBehind(), limits);
    if (!watched.answers && !watched.fitness.fit) watched.health = undefined;
    options.report(watched);
    timer = setTimeout(() => void watched.check(), limits.probeIntervalMs);
    timer.unref();
  }

  const watched: WatchedNode = {
    node,
    health: undefined,
    healthAt: 0,
    answers: false,
    silent: false,
    fitness: unknownFitness,
    lag: noLag,
    role: "unknown",
    state: "connecting",
    reading: new Set(),
    status: (readsOfAll) => ({
      name: node.name,
      role: watched.role,
      state: watched.state,
      since,
      reason,
      // Of a node that is held to be down only the past is known.
      lagBytes: watched.role === "replica" && watched.health ? watched.lag.bytes : null,
      lagSeconds: watched.role === "replica" && watched.health ? watched.lag.seconds : null,
      latencyMs,
      timeline: watched.health?.timeline ?? null,
      lsn: watched.health ? formatLsn(watched.health.position) : null,
      breaker: node.breaker ? breakerState(node.breaker) : null,
      reads: node.reads,
      readShare: readsOfAll > 0 ? node.reads / readsOfAll : 0,
      probedAt,
    }),
    enter(state, why) {
      reason = state === "down" ? silence : why;
      if (state === watched.state) return false;
      watched.state = state;
      since = new Date();
      if (state === "down") for (const giveUp of watched.reading) giveUp();
      return true;
    },
    check() {
      if (stopped) return Promise.resolve();
      underway ??= round();
      return underway;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await pool.close();
      await underway;
    },
  };
  return watched;
}

/** Why a server that was asked for its health told none. */
function explainSilence(thrown: unknown): string {
  const sqlState = isConnectionError(thrown) ? undefined : sqlStateOf(thrown);
  if (sqlState !== undefined)
    return `its place in the cluster (pg_control_system(), WAL positions) cannot be read: ${meaningOf(sqlState).reason}`;
  return explainFailedProbe(thrown)?.reason ?? "its health cannot be read";
}
