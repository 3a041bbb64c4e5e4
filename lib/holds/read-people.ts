import { sql } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";

/** Whom tokens stand for, as far as their keys were not destroyed. */
export interface HeldPeople {
  /** Living tokens of a subject, on every target. */
  tokensOf(subject: string): readonly string[];
  isRestricted(token: string): boolean;
}

/** What the vault knows of these tokens and subjects. */
export async function readPeople(
  db: Queryable,
  { tokens, subjects }: { tokens: readonly string[]; subjects: readonly (string | null)[] },
): Promise<HeldPeople> {
  const named = subjects.filter((subject) => subject !== null);
  const rows = (await db.execute(sql`
    select key.token, key.subject, subject.restricted_at is not null as restricted
    from vault.subject_key as key join vault.subject on subject.id = key.subject
    where key.token in (select jsonb_array_elements_text(${JSON.stringify(tokens)}::text::jsonb))
       or key.subject in (select jsonb_array_elements_text(${JSON.stringify(named)}::text::jsonb)::uuid)`)) as unknown as {
    token: string;
    subject: string;
    restricted: boolean;
  }[];
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const restricted = new Set(rows.filter((row) => row.restricted).map(({ token }) => token));
  return {
    tokensOf: (subject) => bySubject.get(subject)?.map(({ token }) => token) ?? [],
    isRestricted: (token) => restricted.has(token),
  };
}
