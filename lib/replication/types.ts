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
  /** Time until its replay was confirmed; 0 when it has replayed all there is; null when unknown. */
  lagSeconds: number | null;
}

/** This server as a standby, from pg_stat_wal_receiver and the recovery functions. */
export interface Receiver {
  /** A WAL receiver process runs; without it nothing arrives, however small the lag looks. */
  connected: boolean;
  /** streaming, waiting …; null when not connected or without pg_monitor. */
  status: string | null;
  senderHost: string | null;
  senderPort: number | null;
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
