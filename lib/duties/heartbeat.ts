import type { Sql } from "postgres";

export interface Heartbeat {
  duty: string;
  target: string;
  at: Date;
}

/** Notes that a duty did its work just now, whoever leads it. */
export async function beat(sql: Sql, duty: string, target: string): Promise<void> {
  await sql`
    insert into history.heartbeat (duty, target, at) values (${duty}, ${target}, clock_timestamp())
    on conflict (duty, target) do update set at = excluded.at`;
}

/** When each duty last did its work. */
export async function listHeartbeats(sql: Sql): Promise<Heartbeat[]> {
  const beats = await sql<Heartbeat[]>`select duty, target, at from history.heartbeat order by duty, target`;
  return [...beats];
}
