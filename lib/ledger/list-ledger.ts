import type { Sql } from "postgres";
import type { LedgerKind } from "../../drizzle/console/schema/privacy.ts";
import { personToken } from "../db/record.ts";
import type { StoredEntry } from "./read-entries.ts";

export interface LedgerFilter {
  kind?: LedgerKind | undefined;
  target?: string | undefined;
  /** Only entries below this number: the next page. */
  before?: number | undefined;
  limit: number;
}

/** An entry with the name of whoever did it, where the console knows the person still. */
export type ListedEntry = StoredEntry & { name: string };

/** Entries of the ledger, the newest first; one more than `limit` where there are more. */
export async function listLedger(sql: Sql, filter: LedgerFilter): Promise<ListedEntry[]> {
  const { kind = null, target = null, before = null, limit } = filter;
  const rows = await sql<(Omit<StoredEntry, "entry" | "at"> & { entry: string; at: Date })[]>`
    select l.entry, l.kind, l.target, l.facts, l.at, l.by_token as by, l.receipt_id as "receiptId", l.receipt as jws,
           o.state as delivery
    from privacy_ledger l left join outbox o on o.target = l.target and o.id = l.receipt_id
    where (${kind}::text is null or l.kind = ${kind}) and (${target}::text is null or l.target = ${target})
      and (${before}::bigint is null or l.entry < ${before})
    order by l.entry desc limit ${limit + 1}`;
  const names = await namesOf(sql, new Set(rows.map(({ by }) => by)));
  return rows.map(
    (row) =>
      ({
        ...row,
        entry: Number(row.entry),
        at: row.at.toISOString(),
        name: names.get(row.by) ?? row.by,
      }) as ListedEntry,
  );
}

/** A token says nobody's name; whoever has an account still is found by making everybody's. */
async function namesOf(sql: Sql, tokens: ReadonlySet<string>): Promise<Map<string, string>> {
  const names = new Map([["console_system", "the console"]]);
  if ([...tokens].every((token) => names.has(token))) return names;
  const people = await sql<{ id: string; name: string; email: string }[]>`select id, name, email from users`;
  for (const { id, email } of people) {
    const token = personToken(id);
    if (tokens.has(token)) names.set(token, email);
  }
  return names;
}
