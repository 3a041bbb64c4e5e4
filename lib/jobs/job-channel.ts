import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import type { Queryable } from "../db/console-db.ts";

/** The console database's channel that names a job whose row, log or progress has changed; the message is its id. */
export const jobChannel = "audit_db_jobs";

/** Tells every listener, when the transaction commits. */
export async function notifyJob(tx: Pick<Queryable, "execute">, id: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${jobChannel}, ${id})`);
}

export interface JobChannel {
  /** @returns its own removal */
  listen(listener: (id: string) => void): () => void;
}

const retryMs = 5_000;

/**
 * Hears of changed jobs from the first listener on, on one connection however many listen. What was said while the
 * connection was away is lost: whoever shows a job asks for it from time to time as well.
 */
export function openJobChannel(console: Sql): JobChannel {
  const listeners = new Set<(id: string) => void>();
  let listening: Promise<{ unlisten(): Promise<void> } | undefined> | undefined;

  function begin(): void {
    listening ??= console
      .listen(jobChannel, (id) => {
        for (const listener of listeners) listener(id);
      })
      .catch(() => {
        setTimeout(() => {
          listening = undefined;
          if (listeners.size > 0) begin();
        }, retryMs).unref();
        return undefined;
      });
  }

  return {
    listen(listener) {
      listeners.add(listener);
      begin();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        const ended = listening;
        listening = undefined;
        void ended?.then((meta) => meta?.unlisten()).catch(() => {});
      };
    },
  };
}
