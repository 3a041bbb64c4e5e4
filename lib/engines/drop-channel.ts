import { randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import { z } from "zod";
import type { DropChannel } from "../audit-db/cache/types.ts";
import { openChannel } from "../db/channel.ts";

const name = "audit_db_cache_drops";
const message = z.object({
  from: z.string(),
  target: z.string(),
  tags: z.array(z.string()).optional(),
  keys: z.array(z.string()).optional(),
});

/**
 * Tells other processes of dropped answers by NOTIFY on the console database, where no Redis does. What was missed while
 * the connection was away has ended by itself within its short time.
 */
export function openDropChannel(sql: Sql): DropChannel {
  const id = randomUUID();
  const channel = openChannel(sql, name);
  return {
    async publish(drop) {
      await sql`select pg_notify(${name}, ${JSON.stringify({ from: id, ...drop })})`;
    },
    listen: (listener) =>
      channel.listen((text) => {
        const { data } = message.safeParse(parse(text));
        if (!data || data.from === id) return;
        const { target, tags, keys } = data;
        listener({ target, ...(tags && { tags }), ...(keys && { keys }) });
      }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
