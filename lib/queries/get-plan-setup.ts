import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";

interface ReadableTables {
  database: string;
  schemas: string[];
  tables: { schema: string; name: string }[];
}

/** Beyond so many tables the grant names their schemas. */
const namedAtMost = 12;

/**
 * Whether statements can be planned on this target: there is a connection for it. Without one, the SQL that makes its
 * role, with the tables of the connected database.
 */
export async function getPlanSetup({
  audit,
  now,
}: Pick<ReadContext, "audit" | "now">): Promise<Observed<{ ready: boolean }>> {
  if (audit.can("explain")) return { data: { ready: true }, observedAt: now, source: "configuration" };
  const { data, ...observed } = await audit.read({
    name: "queries.plan-setup",
    ttlMs: 60_000,
    source: "pg_class",
    run: async (sql) => {
      const [row] = await sql<ReadableTables[]>`
        with tables as (
          select n.nspname as schema, c.relname as name
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p') and not c.relispartition
            and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
            and (to_regclass('public.audit_log') is null or n.nspname <> 'public' or
                 c.relname in ('audit_log', 'audit_quarantine', 'retention_policy', 'audit_fence'))
        )
        select current_database() as "database",
               (select coalesce(json_agg(distinct schema), '[]') from tables) as "schemas",
               (select coalesce(json_agg(t), '[]')
                from (select schema, name from tables order by schema, name limit ${namedAtMost + 1}) t) as "tables"`;
      return row;
    },
  });
  return {
    ...observed,
    data: { ready: false },
    unavailable: {
      code: "not_configured",
      reason:
        "Plans are off: planning runs functions that a statement reaches, so it needs a connection whose role may read these tables and nothing else.",
      enable: [
        "CREATE ROLE audit_explain LOGIN PASSWORD '…';",
        ...(data ? grants(data) : []),
        "-- then set AUDIT_EXPLAIN_URL (explain_url in AUDIT_DATABASES) to it",
      ].join("\n"),
    },
  };
}

function grants({ database, schemas, tables }: ReadableTables): string[] {
  const connect = `GRANT CONNECT ON DATABASE ${quoteIdentifier(database)} TO audit_explain;`;
  if (tables.length === 0) return [connect];
  const inSchemas = schemas.map(quoteIdentifier).join(", ");
  const readable =
    tables.length > namedAtMost
      ? `ALL TABLES IN SCHEMA ${inSchemas}`
      : tables.map(({ schema, name }) => quoteQualified(schema, name)).join(", ");
  return [
    connect,
    `GRANT USAGE ON SCHEMA ${inSchemas} TO audit_explain;`,
    `GRANT SELECT ON ${readable} TO audit_explain;`,
  ];
}
