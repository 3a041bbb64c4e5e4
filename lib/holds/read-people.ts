import { sql } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";

/** Whom tokens stand for, as far as their keys were not destroyed. */
export interface HeldPeople {
  /** Living tokens of a subject, on every target. */
  tokensOf(subject: string): readonly string[];
  isRestricted(token: string): boolean;
}

export interface PersonRow {
  token: string;
  subject: string;
  restricted: boolean;
}

/** What the vault knows of these tokens and subjects. */
export async function readPeople(
  db: Queryable,
  { tokens, subjects }: { tokens: readonly string[]; subjects: readonly (string | null)[] },
): Promise<HeldPeople> {
  const named = subjects.filter((subject) => subject !== null);
  // Each half by its own index: OR would read every key.
  const rows = await db.execute<PersonRow & Record<string, unknown>>(sql`
    with key as (
      select key.token, key.subject from jsonb_array_elements_text(${JSON.stringify(tokens)}::text::jsonb) as asked (token)
      join vault.subject_key as key using (token)
      union
      select key.token, key.subject from jsonb_array_elements_text(${JSON.stringify(named)}::text::jsonb) as asked (subject)
      join vault.subject_key as key on key.subject = asked.subject::uuid)
    select token, subject, restricted_at is not null as restricted from key join vault.subject on subject.id = key.subject`);
  return peopleOf(rows);
}

export function peopleOf(rows: readonly PersonRow[]): HeldPeople {
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const restricted = new Set(rows.filter((row) => row.restricted).map(({ token }) => token));
  return {
    tokensOf: (subject) => bySubject.get(subject)?.map(({ token }) => token) ?? [],
    isRestricted: (token) => restricted.has(token),
  };
}
