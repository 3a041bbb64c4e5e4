const byEvent: Record<string, string> = {
  ClientRead: "idle, or waits for its application to send",
  ClientWrite: "its application reads the answer slowly",
  relation: "for a lock on a table",
  transactionid: "for another transaction to end",
  tuple: "for its turn at a locked row",
  advisory: "for an advisory lock",
  WALSync: "for WAL to reach the disk",
  WalSync: "for WAL to reach the disk",
  WALWrite: "for the WAL to be written",
  WalWrite: "for the WAL to be written",
  DataFileRead: "for a block from disk",
  BuffileRead: "for a temporary file",
  BuffileWrite: "for a temporary file",
  PgSleep: "sleeps on purpose",
  SyncRep: "for a standby to confirm",
};
const byType: Record<string, string> = {
  Activity: "server process without work",
  BufferPin: "for another session to let go of a block",
  Client: "for its application",
  Extension: "inside an extension",
  IO: "for the disk",
  IPC: "for another process of the server",
  Lock: "for a lock another transaction holds",
  LWLock: "for a short lock inside the server",
  Timeout: "until a time has passed",
};

/** What a wait event means, in a few words. */
export function explainWait(type: string | null, event: string | null): string {
  if (type === null) return "on the processor, waits for nothing";
  return (event ? byEvent[event] : undefined) ?? byType[type] ?? "inside the server";
}
