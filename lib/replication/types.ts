import type { NodeStatus } from "../audit-db/replicas/types.ts";

/** A standby (or other streaming client) as the server that feeds it sees it, from pg_stat_replication. */
export interface Standby {
  pid: number;
  applicationName: string;
  clientAddress: string | null;
  /** startup, catchup, streaming, backup, stopping; null without pg_monitor. */
  state: string | null;
  /** async, potential, sync, quorum; null without pg_monitor. */
  syncState: string | null;
  connectedAt: Date | null;
  /** WAL not sent, not written, not flushed there yet; null when unknown. */
  sentLagBytes: number | null;
  writtenLagBytes: number | null;
  flushedLagBytes: number | null;
  /** WAL that it has not replayed yet; null without pg_monitor or for a client that replays nothing. */
  lagBytes: number | null;
  /** Time until a write was confirmed as written, flushed, replayed there; 0 when it has all there is; null when unknown. */
  writtenLagSeconds: number | null;
  flushedLagSeconds: number | null;
  lagSeconds: number | null;
  /** The slot it reads through, null without one; a logical one feeds a subscriber, which replays nothing. */
  slot: string | null;
  slotType: "physical" | "logical" | null;
}

/** This server as a standby, from pg_stat_wal_receiver and the recovery functions. */
export interface Receiver {
  /** A WAL receiver process runs; without it nothing arrives, however small the lag looks. */
  connected: boolean;
  /** streaming, waiting …; null when not connected or without pg_monitor. */
  status: string | null;
  senderHost: string | null;
  senderPort: number | null;
  /** What it calls itself at its sender, and the slot it reads there; null when not connected or without pg_monitor. */
  applicationName: string | null;
  slot: string | null;
  /** Address that this server was asked at; null on a socket. */
  serverAddress: string | null;
  lastMessageAt: Date | null;
  lastReplayedAt: Date | null;
  /** WAL that the sender announced or that was received but not replayed yet. */
  lagBytes: number | null;
  /** 0 while the receiver is connected and all that was received is replayed; else the age of the newest replayed transaction. */
  lagSeconds: number | null;
}

export interface ReplicationStatus {
  role: "primary" | "standby";
  standbys: Standby[];
  /** null on a primary. */
  receiver: Receiver | null;
  /** Largest over standbys and receiver; null when there is none or nothing can be read. */
  maxLagBytes: number | null;
  maxLagSeconds: number | null;
}

/** A server of the target, or one that only a server of the target knows. */
export interface ReplicationServer {
  /** `host:port` of a configured server, else its name and address at the server that feeds it. Stable over time. */
  key: string;
  /** Its application name at the server that feeds it, else the key. */
  name: string;
  role: "primary" | "standby" | "unknown";
  /** As the console's probes find it; null when the console was not given it. */
  node: NodeStatus | null;
  /** Key of the server that feeds it; null when no server we can ask does. */
  upstream: string | null;
  /** How the server that feeds it sees it. */
  standby: Standby | null;
  /** How it sees itself. */
  receiver: Receiver | null;
  /** WAL of the primary that it has not replayed; null for a primary or when unknown. */
  lagBytes: number | null;
  /** The larger of what its sender and the console's probes say: a standby that hangs confirms nothing more. */
  lagSeconds: number | null;
}
