import type { Sql } from "postgres";
import type { OpenErasure } from "../../check.ts";

/** Erasures on a target that are not through yet, the longest-waiting first. At most 1,000. */
export async function listOpenErasures(sql: Sql, target: string): Promise<OpenErasure[]> {
  const rows = await sql<OpenErasure[]>`
    select id, policy, state, due_at as "dueAt", requested_at as "requestedAt", looked_at as "lookedAt",
           marked_at as "markedAt", held_by as "heldBy"
    from erasure where target = ${target} and state <> 'destroyed' order by requested_at, id limit 1000`;
  return [...rows];
}
