import type { Sql } from "postgres";
import type { ChannelHealth } from "../check.ts";

/** How every channel goes that is to be told something. */
export async function readChannelHealth(sql: Sql): Promise<ChannelHealth[]> {
  const rows = await sql<ChannelHealth[]>`
    select c.name, c.enabled, c.failing_since as "failingSince", c.last_error as error,
      c.disabled_because as "disabledBecause",
      (select count(*)::int from delivery d where d.channel_id = c.id and d.state = 'pending') as waiting
    from channel c where c.enabled or c.disabled_because is not null
    order by c.name`;
  return [...rows];
}
