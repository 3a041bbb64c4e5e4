import type { Sql } from "postgres";

/** How many people have a key, are marked for erasure, or were erased. */
export async function countSubjects(sql: Sql): Promise<Record<"active" | "erasing" | "erased", number>> {
  const rows = await sql<{ state: "active" | "erasing" | "erased"; count: number }[]>`
    select state, count(*)::float8 as count from vault.subject group by state`;
  const counts = { active: 0, erasing: 0, erased: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}
