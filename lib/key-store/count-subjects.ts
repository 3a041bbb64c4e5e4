import type { Sql } from "postgres";

export interface SubjectCounts {
  /** People with a key that opens something. */
  people: number;
  /** Keys that seal; those of before policies among them, which only open. */
  active: number;
  /** Keys that seal nothing more, and are destroyed on their day. */
  kept: number;
  erasing: number;
  erased: number;
}

/** How many people have keys, and how many keys there are in which state. */
export async function countSubjects(sql: Sql): Promise<SubjectCounts> {
  const [counts] = await sql<SubjectCounts[]>`
    select (select count(distinct subject) from vault.subject_key where state in ('active', 'kept'))::float8 as people,
           count(*) filter (where state = 'active')::float8 as active,
           count(*) filter (where state = 'kept')::float8 as kept,
           count(*) filter (where state = 'erasing')::float8 as erasing,
           count(*) filter (where state = 'erased')::float8 as erased
    from vault.subject_key`;
  return counts ?? { people: 0, active: 0, kept: 0, erasing: 0, erased: 0 };
}
