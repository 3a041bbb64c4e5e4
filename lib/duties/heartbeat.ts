import type { Sql } from "postgres";
import { consoleDbError, sqlState } from "../db/errors.ts";
import { toAppError } from "../errors.ts";

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

/** Notes that a round of a duty failed, in words that may be shown: a message of others is told by its code alone. */
export async function noteFailure(sql: Sql, duty: string, target: string, thrown: unknown): Promise<void> {
  const { code, message } = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
  await sql`
    insert into history.duty_failure (duty, target, at, since, error_code, error_message)
    values (${duty}, ${target}, clock_timestamp(), clock_timestamp(), ${code}, ${message})
    on conflict (duty, target) do update
      set at = excluded.at, error_code = excluded.error_code, error_message = excluded.error_message,
          since = case when exists (
            select from history.heartbeat as good
            where good.duty = excluded.duty and good.target = excluded.target and good.at > duty_failure.at
          ) then excluded.since else duty_failure.since end`;
}

/** When each duty last did its work; those that never did are left out. */
export async function listHeartbeats(sql: Sql): Promise<Heartbeat[]> {
  const beats = await sql<Heartbeat[]>`select duty, target, at from history.heartbeat order by duty, target`;
  return [...beats];
}
