import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { toAppError } from "../errors.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { DefaultPartition } from "./types.ts";
import { withProbeSettings } from "./with-probe-settings.ts";

/** Counting stops here: whether there are rows matters, not how many. */
export const defaultRowsCap = 1_000;
/** Counted in one look, each by a statement of its own; more with pages in them are estimated. */
const mostCounted = 50;
/** A default partition of dead rows alone is read to its end, and found empty, or given up. */
const countTimeout = "2s";

/** What counting a default partition rests on. */
interface DefaultFacts {
  oid: number;
  identifier: string;
  role: string;
  /** May be read, and shows all of its rows: policies hide none from the watching role. */
  granted: boolean;
  rowSecurity: boolean;
  /** Null for one that is partitioned itself. */
  bytes: number | null;
}

/** A default partition, with what is known of it otherwise. */
export interface DefaultToCount {
  oid: number;
  schema: string;
  name: string;
  /** It or a partition below it is locked. */
  locked: boolean;
  /** Reading it would ask another server. */
  foreign: boolean;
  rowsEstimated: number | null;
}

/**
 * Rows in default partitions, by oid, counted up to `defaultRowsCap` in those that have pages: statistics say nothing of
 * them after a reset, a crash or on a standby. Where counting is not granted or not possible the estimate stands in, with
 * the reason and, where there is one, the GRANT. Source: the partitions themselves.
 */
export async function getDefaultRows(
  audit: AuditDb,
  partitions: readonly DefaultToCount[],
): Promise<Map<number, DefaultPartition>> {
  const found = new Map<number, DefaultPartition>();
  if (partitions.length === 0) return found;
  const facts = await getDefaultFacts(audit);
  let counted = 0;
  for (const partition of partitions) {
    const { oid, schema, name, rowsEstimated } = partition;
    const known = facts.get(oid);
    const estimated = { oid, schema, name, rows: null, capped: false, rowsEstimated };
    const reason = partition.locked
      ? "Somebody holds a lock on it."
      : partition.foreign
        ? "Its rows lie on another server, which is not asked for them."
        : known?.granted && known.bytes !== 0 && counted >= mostCounted
          ? `Rows are counted in ${mostCounted} default partitions at most.`
          : null;
    if (reason !== null) found.set(oid, { ...estimated, unavailable: { code: "insufficient_data", reason } });
    else if (!known) found.set(oid, estimated);
    else if (known.bytes === 0) found.set(oid, { ...estimated, rows: 0, rowsEstimated: null });
    else if (!known.granted)
      found.set(oid, { ...estimated, unavailable: whyNotCounted(known, rowsEstimated) });
    else {
      counted += 1;
      found.set(oid, await countDefault(audit, known, estimated));
    }
  }
  return found;
}

async function getDefaultFacts(audit: AuditDb): Promise<Map<number, DefaultFacts>> {
  const { data } = await audit.read({
    name: "partitions.defaults",
    ttlMs: 60_000,
    revalidateMs: 60_000,
    source: "pg_partitioned_table, pg_relation_size",
    run: (sql) =>
      withProbeSettings(
        sql,
        (probe) => probe<(Omit<DefaultFacts, "identifier"> & { schema: string; name: string })[]>`
          with locked as materialized (
            select distinct l.relation from pg_locks l
            where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
              and l.database = (select oid from pg_database where datname = current_database())
          )
          select c.oid, n.nspname as "schema", c.relname as "name", current_user as "role",
                 has_table_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage')
                   and not row_security_active(c.oid) as "granted",
                 row_security_active(c.oid) as "rowSecurity",
                 case when c.relkind = 'r' and c.oid not in (select relation from locked)
                      then pg_relation_size(c.oid)::float8 end as "bytes"
          from pg_partitioned_table p
          join pg_class c on c.oid = p.partdefid
          join pg_namespace n on n.oid = c.relnamespace`,
      ),
  });
  return new Map(
    data.map(({ schema, name, ...row }) => [row.oid, { ...row, identifier: quoteQualified(schema, name) }]),
  );
}

async function countDefault(
  audit: AuditDb,
  { oid, identifier }: DefaultFacts,
  estimated: DefaultPartition,
): Promise<DefaultPartition> {
  try {
    const { data: rows } = await audit.read({
      name: "partitions.defaultRows",
      key: [oid],
      ttlMs: 60_000,
      revalidateMs: 60_000,
      source: identifier,
      run: (sql) => withProbeSettings(sql, (probe) => countRows(probe, identifier)),
    });
    return { ...estimated, rows, capped: rows >= defaultRowsCap, rowsEstimated: null };
  } catch (thrown) {
    const { message } = toAppError(thrown);
    const unavailable = {
      code: "insufficient_data",
      reason: `Counting its rows failed: ${message}`,
    } as const;
    return { ...estimated, unavailable };
  }
}

async function countRows(probe: Sql, identifier: string): Promise<number> {
  await probe`select set_config('statement_timeout', ${countTimeout}, true)`;
  const [counted] = await probe.unsafe<{ rows: number }[]>(
    `select count(*)::int as "rows" from (select from ${identifier} limit ${defaultRowsCap}) t`,
  );
  return counted?.rows ?? 0;
}

function whyNotCounted({ identifier, role, rowSecurity }: DefaultFacts, rowsEstimated: number | null) {
  const instead =
    rowsEstimated === null
      ? "and the statistics say nothing of it, although it has pages: it may hold rows"
      : "so its rows are the statistics' estimate";
  if (rowSecurity)
    return {
      code: "no_grant",
      reason: `Row-level security hides rows of this partition from the watching role, ${instead}.`,
    } as const;
  return {
    code: "no_grant",
    reason: `The watching role may not read this partition, ${instead}.`,
    enable: `GRANT SELECT ON ${identifier} TO ${quoteIdentifier(role)};`,
  } as const;
}
