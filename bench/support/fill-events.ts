import type { Sql } from "postgres";
import { extendPartitions } from "../../lib/audit-db/schema/extend-partitions.ts";
import type { AppendServer } from "./append-server.ts";
import { benchEvent } from "./append-server.ts";
import { step } from "./report.ts";

const samples = 2_000;
const perStatement = 100_000;
const spanSeconds = 50 * 86_400;

/**
 * Fills audit_log with `rows` events over fifty days, with every index. Their shape is that of events the engine
 * appended itself; ciphertexts and hashes are made anew for each row, so that nothing compresses that would not.
 * @returns the range that holds exactly them
 */
export async function fillEvents(server: AppendServer, rows: number): Promise<{ from: Date; to: Date }> {
  const from = new Date(Math.floor(Date.now() / 1_000) * 1_000 - (spanSeconds + 86_400) * 1_000);
  const to = new Date(from.getTime() + spanSeconds * 1_000);
  await extendPartitions(server.sql, {
    now: new Date(),
    ahead: 1,
    from: () => new Date(from.getTime() - 86_400_000),
  });
  const appended = await server.audit.append(
    Array.from({ length: samples }, (_, i) => ({
      ...benchEvent(i),
      occurredAt: new Date(from.getTime() - 86_400_000 + i),
    })),
  );
  if (appended.some(({ outcome }) => outcome !== "stored")) throw new Error("the samples were not stored");
  for (let first = 0; first < rows; first += perStatement) {
    await insert(server.sql, { first, last: Math.min(rows, first + perStatement) - 1, rows, from });
    if (rows > perStatement * 5) step(`${Math.min(rows, first + perStatement)} of ${rows} events`);
  }
  await server.sql`vacuum analyze audit_log`;
  return { from, to };
}

async function insert(
  sql: Sql,
  part: { first: number; last: number; rows: number; from: Date },
): Promise<void> {
  const { first, last, rows, from } = part;
  await sql`
    insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, target_type, target_id,
      correlation_id, event_version, data_classification, retention_policy, processing_ms, details, actor_token,
      actor_personal, actor_digest, leaf_version, leaf, salts)
    select uuidv7(at - clock_timestamp()), at, at + interval '0.1 s', 'org-' || n % 40, action, status, target_type,
           'record-' || n % 9999, 'request-' || n, event_version, data_classification, retention_policy, n % 300,
           details || jsonb_build_object('index', n), actor_token,
           overlay(actor_personal placing sha512(int8send(n)) || sha512(int8send(-n)) from 34),
           sha256(int8send(n)), leaf_version, sha256(int8send(-n)), sha512(int8send(n) || 's')
    from (select n, ${from}::timestamptz + n * (${spanSeconds}::float8 / ${rows}::int) * interval '1 s' as at
          from generate_series(${first}::int8, ${last}::int8) n) new
    join (select row_number() over () - 1 as k, action, status, target_type, event_version, data_classification,
                 retention_policy, details, actor_token, actor_personal, leaf_version
          from audit_log where occurred_at < ${from} limit ${samples}) sample on k = n % ${samples}::int
    order by n`;
}
