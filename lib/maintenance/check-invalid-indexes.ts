import type { Sql } from "postgres";
import { answerOf, noneFound } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, cannotJudge, defineCheck, type ObjectState } from "../check.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { Observed } from "../result.ts";

interface InvalidIndex {
  oid: number;
  schema: string;
  name: string;
  tableSchema: string;
  table: string;
  /** On a partitioned table: its partitions have indexes of their own below it. */
  partitioned: boolean;
  /** Part of an index on the parent, and dropped only with that. */
  attached: boolean;
}

interface InvalidIndexes {
  database: string;
  user: string;
  invalid: InvalidIndex[];
  /** Builds of other roles that our role may not look into. */
  hiddenBuilds: number;
}

/**
 * Indexes that are not valid while nobody builds or drops them. 10 ms on 30,000 indexes, and a second look only where
 * the first found some: a build that ended between catalogue and progress looks like one that failed.
 */
function getInvalidIndexes(audit: AuditDb): Promise<Observed<InvalidIndexes>> {
  return audit.read({
    name: "maintenance.invalidIndexes",
    ttlMs: 300_000,
    source: "pg_index, pg_stat_progress_create_index",
    run: async (sql, { database, user }) => {
      const first = await look(sql);
      const again = first.length > 0 ? new Set((await look(sql)).map(({ oid }) => oid)) : null;
      const [hidden] = await sql<{ builds: number }[]>`
        select count(*)::int as builds from pg_stat_progress_create_index
        where datname = current_database() and relid is null`;
      return {
        database,
        user,
        invalid: first.filter(({ oid }) => again?.has(oid)),
        hiddenBuilds: hidden?.builds ?? 0,
      };
    },
  });
}

/** DROP INDEX CONCURRENTLY shows no progress, but holds the index itself. */
function look(sql: Sql): PromiseLike<InvalidIndex[]> {
  return sql<InvalidIndex[]>`
    select x.indexrelid as oid, n.nspname as schema, c.relname as name, tn.nspname as "tableSchema", t.relname as table,
           c.relkind = 'I' as partitioned, c.relispartition as attached
    from pg_index x
    join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class t on t.oid = x.indrelid join pg_namespace tn on tn.oid = t.relnamespace
    where not (x.indisvalid and x.indisready and x.indislive) and c.relpersistence <> 't'
      and not exists (
        select from pg_stat_progress_create_index p
        where p.datid = (select oid from pg_database where datname = current_database())
          and (p.index_relid = x.indexrelid
               or p.relid = x.indrelid and p.command like 'REINDEX%' and c.relname ~ '_cc(new|old)\\d*$'))
      and not exists (
        select from pg_locks l
        where l.relation = x.indexrelid and l.granted
          and l.mode in ('ShareUpdateExclusiveLock', 'AccessExclusiveLock')
          and l.database = (select oid from pg_database where datname = current_database()))
    order by n.nspname, c.relname`;
}

async function judgeInvalidIndexes(audit: AuditDb): Promise<CheckAnswer> {
  const { inRecovery } = await audit.server();
  if (inRecovery)
    return cannotJudge("Invalid indexes cannot be told on a standby.", {
      code: "unsupported",
      reason: "A standby does not show which indexes its primary is building. Watch the primary.",
    });
  const { data } = await getInvalidIndexes(audit);
  if (data.invalid.length > 0 && data.hiddenBuilds > 0)
    return cannotJudge("Whether an invalid index is being built cannot be seen.", {
      code: "no_grant",
      reason: `${data.user} does not see which index another role is building.`,
      enable: `GRANT pg_read_all_stats TO ${quoteIdentifier(data.user)};`,
    });
  if (data.invalid.length === 0)
    return answerOf([
      noneFound(
        data.database,
        `No index of ${data.database} is invalid.`,
        "None was left by a failed build.",
      ),
    ]);
  return answerOf(data.invalid.map((index) => describe(data.database, index)));
}

function describe(database: string, index: InvalidIndex): ObjectState {
  const { oid, schema, name, tableSchema, table } = index;
  return {
    object: { kind: "relation", database, schema, name, oid },
    state: "warning",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `Index ${schema}.${name} on ${tableSchema}.${table} is invalid.`,
      detail: `No query uses it${index.partitioned ? "" : ", and writes may still have to keep it"}. ${remedy(index)}`,
    },
  };
}

function remedy({ schema, name, partitioned, attached }: InvalidIndex): string {
  const index = quoteQualified(schema, name);
  if (partitioned)
    return `Some partitions lack their part of it. Build the same index CONCURRENTLY on each of those and run, for each: ALTER INDEX ${index} ATTACH PARTITION …;`;
  if (attached) return `Run: REINDEX INDEX CONCURRENTLY ${index};`;
  if (/_ccnew\d*$/.test(name))
    return `A REINDEX CONCURRENTLY failed and left it; the index it was to replace still works. Run: DROP INDEX CONCURRENTLY ${index}; then REINDEX again.`;
  if (/_ccold\d*$/.test(name))
    return `A REINDEX CONCURRENTLY succeeded and could not drop what it replaced. Run: DROP INDEX CONCURRENTLY ${index};`;
  return `Its build failed. Rebuild it: REINDEX INDEX CONCURRENTLY ${index}; or drop it: DROP INDEX CONCURRENTLY ${index};`;
}

export const invalidIndex = defineCheck({
  id: "maintenance.invalid_index",
  title: "Invalid indexes",
  unit: null,
  path: "settings/checks",
  needs: "A primary; pg_read_all_stats (in pg_monitor) to tell an index that is being built.",
  thresholds: null,
  runbook:
    "CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY failed or was cancelled. The index serves no query and may still cost every write. Names that end in _ccnew are unfinished copies and those in _ccold replaced originals: drop both, concurrently. Everything else: find out why it failed (a unique index: duplicate rows), then rebuild or drop it. On a partitioned table, the parent's index turns valid by itself once every partition has its part attached.",
  evaluate: ({ audit }) => judgeInvalidIndexes(audit),
});
