import { randomUUID } from "node:crypto";
import type { ListenMeta, Sql } from "postgres";
import { z } from "zod";
import type { Drop, DropChannel } from "../audit-db/cache/types.ts";

const channel = "audit_db_cache_drops";
const retryMs = 5_000;
const message = z.object({
  from: z.string(),
  target: z.string(),
  tags: z.array(z.string()).optional(),
  keys: z.array(z.string()).optional(),
});

/**
 * Tells other processes of dropped answers by NOTIFY on the console database, where no Redis does. Listens from the
 * first listener on; what was missed while the connection was away has ended by itself within its short time.
 */
export function openDropChannel(sql: Sql): DropChannel {
  const id = randomUUID();
  const listeners = new Set<(drop: Drop) => void>();
  let listening: Promise<ListenMeta | undefined> | undefined;

  function begin(): void {
    listening ??= sql.listen(channel, hear).catch(() => {
      setTimeout(() => {
        listening = undefined;
        if (listeners.size > 0) begin();
      }, retryMs).unref();
      return undefined;
    });
  }

  function hear(text: string): void {
    const { data } = message.safeParse(parse(text));
    if (!data || data.from === id) return;
    const { target, tags, keys } = data;
    for (const listener of listeners) listener({ target, ...(tags && { tags }), ...(keys && { keys }) });
  }

  return {
    async publish(drop) {
      await sql`select pg_notify(${channel}, ${JSON.stringify({ from: id, ...drop })})`;
    },
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
