import type { Sql } from "postgres";
import type { LastLook } from "../check.ts";

/** How each check of a target fared when it was last evaluated; what it could not do, by its error or by an object of it. */
export async function readLooks(sql: Sql, target: string): Promise<LastLook[]> {
  return [
    ...(await sql<LastLook[]>`
      select e.check_id as "checkId", e.evaluated_at as "evaluatedAt", e.answered_at as "answeredAt", e.failures,
             case when e.failures > 0 then coalesce(e.error ->> 'message',
               (select s.unavailable ->> 'reason' from check_state s
                where s.target = e.target and s.check_id = e.check_id and s.state in ('no_data', 'error')
                order by s.object_key limit 1)) end as reason
      from check_evaluation e where e.target = ${target}`),
  ];
}
