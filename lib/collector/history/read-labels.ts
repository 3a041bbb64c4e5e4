import type { Sql } from "postgres";
import type { ObjectLabel } from "../types.ts";

/** Answers `History.labels`. */
export async function readLabels(
  sql: Sql,
  target: string,
  sampler: string,
  keys: readonly string[],
): Promise<Record<string, ObjectLabel>> {
  const rows = await sql<ObjectLabel[]>`
    select o.key, o.label, o.first_seen as "firstSeen", o.last_seen as "lastSeen"
    from history.object o
    join history.target t on t.id = o.target_id
    join history.sampler s on s.id = o.sampler_id
    where t.name = ${target} and s.name = ${sampler} and o.key = any(${[...keys]}::text[])`;
  return Object.fromEntries(rows.map((row) => [row.key, row]));
}
