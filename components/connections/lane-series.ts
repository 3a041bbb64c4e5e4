import type { Point, SeriesHistory } from "@/lib/collector/types.ts";

/** One part of a lane's stack, from the ground up. */
export interface LanePart {
  name: string;
  label: string;
  colour: string;
}

const busy = { label: "running", colour: "var(--series-5)" };
const idle = { label: "idle", colour: "color-mix(in oklab, var(--series-2) 45%, var(--panel))" };
const waiting = { label: "waiting", colour: "var(--series-6)" };

/** The application's pools: what is lent out, what is free, and what queues for one. */
export const poolParts: LanePart[] = [
  { name: "pools.active", ...busy, label: "in use" },
  { name: "pools.connecting", label: "connecting", colour: "var(--series-4)" },
  { name: "pools.idle", ...idle },
  { name: "pools.waiting", ...waiting },
];

/** A pooler: clients that hold a server connection, connections that are free, clients that queue. */
export const poolerParts: LanePart[] = [
  { name: "pooler.active", ...busy, label: "in use" },
  { name: "pooler.idle", ...idle },
  { name: "pooler.waiting", ...waiting },
];

/** The server: what runs, what waits while it should run, and what merely holds a connection. */
export const serverParts: LanePart[] = [
  { name: "server.running", ...busy },
  { name: "connections.waiting", ...waiting },
  { name: "server.idleInTransaction", label: "idle in transaction", colour: "var(--series-1)" },
  { name: "server.idle", ...idle },
];
export const unseenServerParts: LanePart[] = [{ name: "connections.total", ...idle, label: "in use" }];

/**
 * The server's series so that they add up to the whole: running is active less waiting, idle takes in what has no
 * other state. A gap in one is a gap in the sum.
 */
export function serverLane(history: SeriesHistory): SeriesHistory {
  const at = (name: string) => new Map(history.series[name] ?? []);
  const columns = {
    active: at("connections.active"),
    waiting: at("connections.waiting"),
    inTransaction: at("connections.idleInTransaction"),
    aborted: at("connections.idleInTransactionAborted"),
    idle: at("connections.idle"),
    other: at("connections.other"),
  };
  const times = (history.series["connections.total"] ?? []).map(([t]) => t);
  const derive = (figure: (t: number) => (number | null | undefined)[]): Point[] =>
    times.map((t) => {
      const parts = figure(t);
      return [
        t,
        parts.some((part) => part == null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0),
      ];
    });
  const { active, waiting: waits, inTransaction, aborted, idle: rest, other } = columns;
  return {
    ...history,
    series: {
      "connections.total": history.series["connections.total"] ?? [],
      "connections.waiting": history.series["connections.waiting"] ?? [],
      "server.running": derive((t) => [active.get(t), negative(waits.get(t))]).map(([t, value]) => [
        t,
        value === null ? null : Math.max(0, value),
      ]),
      "server.idleInTransaction": derive((t) => [inTransaction.get(t), aborted.get(t)]),
      "server.idle": derive((t) => [rest.get(t), other.get(t)]),
    },
  };
}

function negative(value: number | null | undefined): number | null | undefined {
  return value == null ? value : -value;
}

/** Whether any point of a series is known. */
export function isKnown(history: SeriesHistory, name: string): boolean {
  return (history.series[name] ?? []).some(([, value]) => value !== null);
}

/** The newest known value of a series. */
export function newest(history: SeriesHistory, name: string): number | null {
  return (history.series[name] ?? []).findLast(([, value]) => value !== null)?.[1] ?? null;
}
