import type { EngineLogger } from "../engine-logger.ts";
import type { Known } from "./failover.ts";
import type { NodeEvent } from "./types.ts";
import type { WatchedNode } from "./watched-node.ts";

export interface Announcer {
  listen(listener: (event: NodeEvent) => void): () => void;
  flip(from: string, to: string, timeline: number): void;
  /** A node's state changed from `was`. */
  replica(one: WatchedNode, was: WatchedNode["state"]): void;
  /** After `reporter`'s probe: a node that is read-write without being the primary, told once until it is not. */
  stale(
    reporter: WatchedNode,
    situation: { stale: readonly string[]; known: Known; elected: boolean; since: number },
  ): void;
  foreign(one: WatchedNode, expected: string | null): void;
  /** The node is no longer stale. */
  settled(name: string): void;
  clear(): void;
}

/** Tells listeners and the log what happened between the nodes of a target. */
export function createAnnouncer(target: string, logger: EngineLogger): Announcer {
  const listeners = new Set<(event: NodeEvent) => void>();
  const told = new Set<string>();
  /** Replicas told to be out of use → the state that was told. */
  const out = new Map<string, WatchedNode["state"]>();

  function emit(event: Omit<NodeEvent, "at">): void {
    const full: NodeEvent = { at: new Date(), ...event };
    const log = event.severity === "info" ? logger.info.bind(logger) : logger.warn.bind(logger);
    log({ target, node: event.node, kind: event.kind, ...event.detail }, event.title);
    for (const listener of listeners) listener(full);
  }

  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flip(from, to, timeline) {
      emit({
        kind: "role_flip",
        severity: "warning",
        node: to,
        title: `${to} is the primary now, in place of ${from}`,
        detail: { from, to, timeline },
      });
    },
    replica(one, was) {
      if (one.role === "primary") return;
      const { name } = one.node;
      const lagSeconds = one.lag.seconds;
      const drains = was === "up" && (one.state === "drained" || one.state === "down");
      const dies = one.state === "down" && out.get(name) === "drained";
      if (drains || dies) {
        const { reason } = one.status(0);
        const title = dies
          ? `Replica ${name}, which got no reads, is down: ${reason}`
          : `No reads are sent to replica ${name}: ${reason}`;
        const detail = { state: one.state, reason, lagSeconds };
        out.set(name, one.state);
        emit({ kind: "replica_drained", severity: "warning", node: name, title, detail });
      } else if (one.state === "up" && (was === "drained" || was === "down")) {
        out.delete(name);
        const title = `Replica ${name} takes reads again`;
        emit({ kind: "replica_back", severity: "info", node: name, title, detail: { lagSeconds } });
      }
    },
    stale(reporter, { stale, known, elected, since }) {
      const { name } = reporter.node;
      // Only a probe begun after the primary was found proves that the other one is still read-write.
      const proven = reporter.answers && reporter.healthAt >= since;
      if (!stale.includes(name) || told.has(`stale ${name}`) || !proven) return;
      told.add(`stale ${name}`);
      const timeline = reporter.health?.timeline;
      const rival = elected ? `${known.primary} is the primary` : `timeline ${known.timeline} has been seen`;
      emit({
        kind: "split_brain",
        severity: "critical",
        node: name,
        title: `${name} is read-write on timeline ${timeline}, but ${rival}: writes to it are refused`,
        detail: { timeline, primary: elected ? known.primary : null, primaryTimeline: known.timeline },
      });
    },
    foreign(one, expected) {
      const { name } = one.node;
      if (told.has(`foreign ${name}`)) return;
      told.add(`foreign ${name}`);
      emit({
        kind: "foreign_node",
        severity: "critical",
        node: name,
        title: `${name} belongs to another cluster and is not used`,
        detail: { systemId: one.health?.systemId, expected },
      });
    },
    settled(name) {
      told.delete(`stale ${name}`);
    },
    clear() {
      listeners.clear();
    },
  };
}
