import type { Sql } from "postgres";
import { holdScope } from "./hold-scope.ts";
import { type HeldPeople, type PersonRow, peopleOf } from "./read-people.ts";
import type { JudgedHold } from "./types.ts";

/** What may keep something back. */
export interface Standing {
  /** Also those that wait to be in force, in order of their numbers. */
  holds: JudgedHold[];
  /** Of the tokens asked for, and whomever a hold is about. */
  people: HeldPeople;
}

/** By one statement, and so as it was at one moment. */
export async function readStanding(sql: Sql, tokens: readonly string[]): Promise<Standing> {
  const [row] = await sql<{ holds: JudgedHold[]; people: PersonRow[] }[]>`
    with hold as materialized (
      select id, number, name, scope, subject from legal_hold where state <> 'released'
    ), key as (
      select key.token, key.subject from jsonb_array_elements_text(${JSON.stringify(tokens)}::text::jsonb) as asked (token)
      join vault.subject_key as key using (token)
      union
      select key.token, key.subject from hold join vault.subject_key as key using (subject)
    )
    select (select coalesce(jsonb_agg(hold order by number), '[]') from hold) as holds,
           (select coalesce(jsonb_agg(jsonb_build_object('token', token, 'subject', subject,
                     'restricted', restricted_at is not null)), '[]')
            from key join vault.subject on subject.id = key.subject) as people`;
  const { holds = [], people = [] } = row ?? {};
  return {
    // What was kept is what was placed: one that this version cannot read holds nothing open, so it must fail.
    holds: holds.map(({ scope, ...hold }) => ({ ...hold, scope: holdScope.parse(scope) })),
    people: peopleOf(people),
  };
}
