import type { Sql } from "postgres";
import { bytesArray } from "./bytes-array.ts";

/** Who people are inside the vault, by blind index and in their order; null for those it does not know. */
export async function findSubjects(sql: Sql, blindIndexes: readonly Buffer[]): Promise<(string | null)[]> {
  const rows = await sql<{ ord: number; subject: string }[]>`
    select ord::int - 1 as ord, subject
    from unnest(${bytesArray(blindIndexes)}::text[]::bytea[]) with ordinality as given (blind_index, ord)
    join vault.blind_index using (blind_index)`;
  const found: (string | null)[] = blindIndexes.map(() => null);
  for (const { ord, subject } of rows) found[ord] = subject;
  return found;
}

/** The same, made where there is none; a subject without a key stays until one that it had is destroyed. */
export async function ensureSubjects(sql: Sql, blindIndexes: readonly Buffer[]): Promise<string[]> {
  await sql`
    with indexed as (
      insert into vault.blind_index (blind_index, subject)
      select blind_index, gen_random_uuid()
      from (select distinct unnest(${bytesArray(blindIndexes)}::text[]::bytea[]) as blind_index) given
      order by blind_index
      on conflict do nothing
      returning subject
    )
    insert into vault.subject (id) select subject from indexed`;
  return (await findSubjects(sql, blindIndexes)) as string[];
}
