import { formatSeconds } from "@/lib/client/format.ts";
import type { ApplicationPools, Blockers, ServerConnections } from "@/lib/connections/types.ts";

export interface WaitingAnswer {
  state: "ok" | "notice" | "warning" | "critical" | "unknown";
  /** One sentence: where requests wait, or that they do not. */
  title: string;
  /** What lies behind it. */
  detail: string;
}

/** Clients that wait in the pooler for a server connection, and how long the first of them has. */
export interface PoolerWaits {
  clients: number;
  seconds: number;
  /** The pool in which the first of them waits, when it is known. */
  pool?: { user: string; database: string } | undefined;
}

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** The page's answer, from its front door inwards: the first place where something waits is where to look. */
export function describeWaiting(
  pools: ApplicationPools | undefined,
  server: ServerConnections,
  blockers: Blockers | undefined,
  pooler: PoolerWaits | null,
): WaitingAnswer {
  const all = pools?.byPurpose ?? [];
  const queued = all.reduce((sum, pool) => sum + pool.waiting, 0);
  const busy = all.reduce((sum, pool) => sum + pool.active, 0);
  const size = all.reduce((sum, pool) => sum + pool.max, 0);
  const room = `${server.limits.used} of ${server.limits.usable} usable server connections are taken`;
  const pooled = all.length > 0 ? `${busy} of ${size} pooled connections are busy, ` : "";
  if (queued > 0) {
    const where = all.filter((pool) => pool.waiting > 0).map((pool) => pool.purpose);
    return {
      state: "warning",
      title: `In the application: ${counted(queued, "request waits", "requests wait")} for a pooled connection.`,
      detail: `The ${where.join(" and ")} ${where.length === 1 ? "pool is" : "pools are"} busy; ${room}.`,
    };
  }
  if (pooler && pooler.clients > 0) return describePooler(pooler, room);
  if (server.waitingForLock) {
    const [root] = blockers?.roots ?? [];
    const longest = root?.longestWaitSeconds;
    const name = root?.session?.application ?? root?.session?.user;
    return {
      state: (longest ?? 0) >= 30 ? "critical" : "warning",
      title: `In the server: ${counted(server.waitingForLock, "connection waits", "connections wait")} for a lock${longest ? `, the longest for ${formatSeconds(longest)}` : ""}.`,
      detail: root
        ? `${root.pid === 0 ? "A prepared transaction" : `Session ${root.pid}${name ? ` (${name})` : ""}`} holds up ${root.blockedCount}; see who blocks whom below.`
        : `${room}.`,
    };
  }
  if (server.limits.usedShare >= 0.75)
    return {
      state: server.limits.usedShare >= 0.9 ? "critical" : "warning",
      title: `Nothing waits yet, but ${room}.`,
      detail: "When the last one is taken, new connections are refused. See below who holds most of them.",
    };
  if (server.waiting === null)
    return {
      state: "unknown",
      title: "Nothing waits in the application; what waits in the server cannot be seen.",
      detail: server.hidden?.reason ?? `${pooled}${room}.`,
    };
  if (server.waiting > 0)
    return {
      state: "notice",
      title: `Nothing queues; ${counted(server.waiting, "running query waits", "running queries wait")} inside the server.`,
      detail: `Not for a lock: see the wait events for what. ${capital(`${pooled}${room}.`)}`,
    };
  return { state: "ok", title: "Nothing is waiting.", detail: capital(`${pooled}${room}.`) };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function describePooler({ clients, seconds, pool }: PoolerWaits, room: string): WaitingAnswer {
  const longest = seconds > 0 ? `, the longest for ${formatSeconds(seconds)}` : "";
  return {
    state: seconds >= 30 ? "critical" : "warning",
    title: `In the pooler: ${counted(clients, "client waits", "clients wait")} for a server connection${longest}.`,
    detail: pool
      ? `First in the pool of user ${pool.user} for database ${pool.database}: see PgBouncer's pools below; ${room}.`
      : `Its pools are too small or their connections are held too long; ${room}.`,
  };
}
