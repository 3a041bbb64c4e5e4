import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { Observed, Unavailable } from "../result.ts";
import { withProbeSettings } from "./with-probe-settings.ts";

/** Where pg_partman stands in a database. */
export interface PartmanInstallation {
  schema: string;
  /** Of the extension; null where its tables stand there without one. */
  version: string | null;
  /** `maintenance_last_run` is kept from 5.1 on. */
  tellsLastRun: boolean;
}

/** A row of its `part_config`, as every version from 4 on has it. */
export interface PartmanTable {
  installation: PartmanInstallation;
  /** As pg_partman itself reads `parent_table`: what stands before the first dot, and up to the second. */
  schema: string;
  name: string;
  /** `parent_table` as it stands there. */
  parentTable: string;
  control: string;
  /** `native`, `partman`, `time-custom` in 4; `range`, `list` in 5. */
  type: string | null;
  /** An interval or a number, as text. */
  interval: string;
  premake: number;
  /** `on`, or its maintenance leaves the table alone unless it is named. */
  automatic: string;
  epoch: string | null;
  retention: string | null;
  retentionKeepTable: boolean | null;
  infinite: boolean | null;
  template: string | null;
  undoInProgress: boolean;
  /** Rows in the default partition do not count when it looks for the newest: null where that is not a setting. */
  ignoreDefaultData: boolean | null;
  /** End of the last run that went well; null where there was none or nothing tells (`tellsLastRun`). */
  lastRun: Date | null;
}

export interface PartmanFacts {
  installations: PartmanInstallation[];
  tables: PartmanTable[];
}

const needed = ["parent_table", "control", "partition_interval", "premake", "automatic_maintenance"];
const wanted = [
  ...needed,
  "partition_type",
  "epoch",
  "retention",
  "retention_keep_table",
  "infinite_time_partitions",
  "template_table",
  "undo_in_progress",
  "ignore_default_data",
  "maintenance_last_run",
];

/** Far more than anybody configures. */
const mostTables = 10_000;

interface Found {
  schema: string;
  version: string | null;
  granted: boolean;
  role: string;
  columns: string[];
}

export interface SeenPartman extends PartmanFacts {
  /** A configuration table may not be read, with the GRANT: whether a table is managed is not known. */
  unavailable?: Unavailable;
}

/**
 * The tables that pg_partman manages in the connected database, by its configuration tables alone: found by their name
 * and columns, in any schema, with the extension or without. Source: part_config. 1 ms.
 */
export async function getPartmanTables(audit: AuditDb): Promise<Observed<PartmanFacts>> {
  const { data, ...observed } = await audit.read({
    name: "partitions.partman",
    ttlMs: 15_000,
    source: "pg_partman: part_config",
    run: (sql) => withProbeSettings(sql, readPartman),
  });
  const { unavailable, ...facts } = data;
  return { ...observed, data: facts, ...(unavailable && { unavailable }) };
}

/** The same as it is now, for whoever is about to change something. */
export async function readPartman(sql: Sql): Promise<SeenPartman> {
  const found = await findConfigurations(sql);
  const tables: PartmanTable[] = [];
  for (const one of found.filter(({ granted }) => granted)) tables.push(...(await readTables(sql, one)));
  const hidden = found.find(({ granted }) => !granted);
  return {
    installations: found.map(installationOf),
    tables,
    ...(hidden && { unavailable: mayNotRead(hidden) }),
  };
}

/** What pg_partman has of a table, also with its automatic maintenance off; null when it does not know it. */
export function findPartmanTable(
  { tables }: PartmanFacts,
  relation: { schema: string; name: string },
): PartmanTable | null {
  return tables.find(({ schema, name }) => schema === relation.schema && name === relation.name) ?? null;
}

/** Whether pg_partman makes a table's partitions by itself: nobody else makes any behind its back. */
export function isManagedByPartman(facts: PartmanFacts, relation: { schema: string; name: string }): boolean {
  const found = findPartmanTable(facts, relation);
  return found !== null && found.automatic !== "off";
}

async function findConfigurations(sql: Sql): Promise<Found[]> {
  const found = await sql<Found[]>`
    select n.nspname as "schema", e.extversion as "version", current_user as "role",
           has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
             and not row_security_active(c.oid) as "granted",
           array(select a.attname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                   and t.typnamespace = 'pg_catalog'::regnamespace) as "columns"
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      and d.refclassid = 'pg_extension'::regclass
    left join pg_extension e on e.oid = d.refobjid
    where c.relname = 'part_config' and c.relkind = 'r' and c.relpersistence <> 't'
    order by n.nspname`;
  return found.filter(({ columns }) => needed.every((name) => columns.includes(name)));
}

interface ConfigRow {
  parent_table: string;
  control: string;
  partition_interval: string;
  premake: number;
  automatic_maintenance: string;
  partition_type?: string | null;
  epoch?: string | null;
  retention?: string | null;
  retention_keep_table?: boolean | null;
  infinite_time_partitions?: boolean | null;
  template_table?: string | null;
  undo_in_progress?: boolean | null;
  ignore_default_data?: boolean | null;
  maintenance_last_run?: Date | null;
}

async function readTables(sql: Sql, found: Found): Promise<PartmanTable[]> {
  const columns = wanted.filter((name) => found.columns.includes(name));
  const rows = await sql<ConfigRow[]>`
    select ${sql(columns)} from ${sql(found.schema)}.part_config order by parent_table limit ${mostTables}`;
  return rows.map((row) => {
    const [schema = "", name = ""] = row.parent_table.split(".");
    return {
      installation: installationOf(found),
      schema,
      name,
      parentTable: row.parent_table,
      control: row.control,
      type: row.partition_type ?? null,
      interval: row.partition_interval,
      premake: row.premake,
      automatic: row.automatic_maintenance,
      epoch: row.epoch ?? null,
      retention: row.retention ?? null,
      retentionKeepTable: row.retention_keep_table ?? null,
      infinite: row.infinite_time_partitions ?? null,
      template: row.template_table ?? null,
      undoInProgress: row.undo_in_progress ?? false,
      ignoreDefaultData: row.ignore_default_data ?? null,
      lastRun: row.maintenance_last_run ?? null,
    };
  });
}

function installationOf({ schema, version, columns }: Found): PartmanInstallation {
  return { schema, version, tellsLastRun: columns.includes("maintenance_last_run") };
}

function mayNotRead({ schema, role }: Found): Unavailable {
  const table = quoteQualified(schema, "part_config");
  const to = quoteIdentifier(role);
  return {
    code: "no_grant",
    reason: `pg_partman is there, and the watching role may not read ${table}: which tables it manages is not known.`,
    enable: `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${to}; GRANT SELECT ON ${table} TO ${to};`,
  };
}
