import type { Address } from "../../address/types.ts";
import { AppError } from "../../errors.ts";
import type { EngineLogger } from "../engine-logger.ts";
import { createAnnouncer } from "./announce.ts";
import { assess } from "./assess.ts";
import { electPrimary, type Known } from "./failover.ts";
import { createPrimaryMarks } from "./lag.ts";
import type { ReplicaLimits } from "./limits.ts";
import type { Node } from "./node.ts";
import { createPrimaryGate } from "./primary-gate.ts";
import { type RoutedRead, readRouted } from "./read-routed.ts";
import type { NodeEvent, NodeStatus, ReadPlace } from "./types.ts";
import { type WatchedNode, watchNode } from "./watched-node.ts";

export interface ClusterOptions {
  target: string;
  /** In configured order, at least two, each with the address its probe takes. */
  nodes: readonly { node: Node; watchAddress: Address }[];
  limits: ReplicaLimits;
  applicationName: string;
  logger: EngineLogger;
  /** Another node became the primary, or the primary answers again or no longer. */
  onPrimary(): void;
}

export interface Cluster {
  /** The primary as last known; what watches stays with it while it is down. */
  primary(): Node;
  /** The node to write to, waiting a bounded time for one. @throws AppError UNAVAILABLE, OVERLOADED */
  writable(signal?: AbortSignal): Promise<Node>;
  /** Why who has waited to write since `since` (epoch milliseconds) need wait no longer; undefined while there is hope. */
  refusal(since: number): AppError | undefined;
  /** Asks a node at once how it is. */
  check(node: Node): Promise<void>;
  read<T>(request: RoutedRead<T>): Promise<{ data: T } & ReadPlace>;
  anyUp(): boolean;
  /** The primary first. */
  status(): NodeStatus[];
  listen(listener: (event: NodeEvent) => void): () => void;
  close(): Promise<void>;
}

/** Several servers of one target: which is the primary, which are fit to read from, and the way to each. */
export function createCluster(options: ClusterOptions): Cluster {
  const { target, limits } = options;
  const marks = createPrimaryMarks(3 * limits.probeIntervalMs);
  const announcer = createAnnouncer(target, options.logger);
  const gate = createPrimaryGate(target, {
    waitMs: limits.failoverWaitMs,
    queueLimit: limits.failoverQueueLimit,
  });
  let known: Known = { primary: null, systemId: null, timeline: 0 };
  let primarySince = Date.now();
  let canWrite = false;
  /** Epoch milliseconds of the newest probe that found a primary to write to. */
  let writableAt = 0;
  let asked = false;
  let turn = 0;

  const watched = options.nodes.map(({ node, watchAddress }) =>
    watchNode(node, {
      address: watchAddress,
      limits,
      marks,
      applicationName: options.applicationName,
      isPrimary: (name) => name === known.primary,
      primaryIsGone,
      report: (one) => {
        if (asked) evaluate(one);
      },
    }),
  );
  const byName = new Map(watched.map((one) => [one.node.name, one]));
  // Before every node was asked once, an old primary that answers first would be taken for the right one.
  const first = Promise.all(watched.map((one) => one.check())).then(() => {
    asked = true;
    for (const one of watched) evaluate(one);
  });

  function primaryIsGone(): boolean {
    return asked && !canWrite;
  }

  function primary(): WatchedNode {
    return byName.get(known.primary ?? "") ?? (watched[0] as WatchedNode);
  }

  /** Judges the whole cluster anew after one node's probe. */
  function evaluate(reporter: WatchedNode): void {
    const before = known.primary;
    const candidates = watched.flatMap(({ node, health }) =>
      health ? [{ name: node.name, ...health }] : [],
    );
    const verdict = electPrimary(candidates, known);
    known = { primary: verdict.primary, systemId: verdict.systemId, timeline: verdict.timeline };
    if (known.primary !== null && before !== known.primary) {
      primarySince = Date.now();
      if (before !== null) flip(before, known.primary);
    }
    const couldWrite = canWrite;
    // One slow probe of a busy primary must not hold its writers up; a refused connection must.
    const leader = primary();
    canWrite = verdict.writable && (leader.answers || (leader.silent && leader.fitness.fit));
    if (canWrite && leader.answers) writableAt = leader.healthAt;
    for (const one of watched) {
      const was = one.state;
      const { role, state, reason } = assess(one, verdict, limits);
      one.role = role;
      if (state !== "stale" && one.health) announcer.settled(one.node.name);
      if (state === "foreign") announcer.foreign(one, known.systemId);
      if (!one.enter(state, reason)) continue;
      // What still waits for a silent replica or a deposed server would wait for nothing. A silent primary may only
      // be busy: what runs there is ended when another node takes its place.
      const silentReplica = state === "down" && was !== "connecting" && one !== leader;
      if (silentReplica || state === "stale" || state === "foreign") one.node.drop();
      announcer.replica(one, was);
    }
    announcer.stale(reporter, {
      stale: verdict.stale,
      known,
      elected: verdict.writable,
      since: primarySince,
    });
    if (canWrite) gate.open();
    if (couldWrite !== canWrite) options.onPrimary();
  }

  function flip(from: string, to: string): void {
    marks.clear();
    byName.get(from)?.node.drop();
    byName.get(to)?.node.forget();
    announcer.flip(from, to, known.timeline);
    options.onPrimary();
  }

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

  return {
    primary: () => primary().node,
    async writable(signal) {
      if (!asked) await first;
      if (!canWrite) await gate.wait(signal);
      if (!canWrite) throw refusal();
      return primary().node;
    },
    refusal(since) {
      // A primary that is only held to be there has as long to answer as none has to appear.
      if (canWrite && primary().answers) return undefined;
      return Date.now() - Math.max(since, writableAt) < limits.failoverWaitMs ? undefined : refusal();
    },
    async check(node) {
      await byName.get(node.name)?.check();
    },
    async read(request) {
      if (!asked) await first;
      return readRouted(request, {
        watched,
        primary: primary(),
        turn: turn++,
        lsnWaitMs: limits.lsnWaitMs,
        primaryIsGone: primaryIsGone(),
      });
    },
    anyUp: () => watched.some((one) => one.state === "up" && one.answers),
    status() {
      const all = watched.reduce((sum, one) => sum + one.node.reads, 0);
      const leader = primary();
      return [leader, ...watched.filter((one) => one !== leader)].map((one) => one.status(all));
    },
    listen: announcer.listen,
    async close() {
      announcer.clear();
      await Promise.all(watched.map((one) => one.stop()));
      gate.open();
    },
  };
}
