import type { Sql } from "postgres";

/** Redactions on record, together by policy and hour of `occurred_at`: no partition of the log is cut finer. */
export interface RecordedRedactions {
  policy: string;
  hour: Date;
  entries: number;
}

export async function listRedactions(sql: Sql, target: string): Promise<RecordedRedactions[]> {
  return [
    ...(await sql<RecordedRedactions[]>`
      select facts ->> 'policy' as policy, date_trunc('hour', (facts ->> 'occurredAt')::timestamptz) as hour,
             count(*)::int as entries
      from privacy_ledger where kind = 'redaction' and target = ${target} group by 1, 2`),
  ];
}
