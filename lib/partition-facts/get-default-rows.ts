import type { AuditDb } from "../audit-db/types.ts";
import { toAppError } from "../errors.ts";
import type { DefaultPartition } from "./types.ts";
import { withProbeSettings } from "./with-probe-settings.ts";

/** Counting stops here: whether there are rows matters, not how many. */
export const defaultRowsCap = 1_000;

/**
 * Rows in a default partition, counted up to `defaultRowsCap`. Without SELECT on it the statistics' live rows
 * stand in, labelled as such, with the GRANT that would allow counting. Source: the partition itself.
 */
export async function getDefaultRows(
  audit: AuditDb,
  partition: { oid: number; schema: string; name: string; locked: boolean; liveRows: number | null },
): Promise<DefaultPartition> {
  const { oid, schema, name } = partition;
  const base = { oid, schema, name, rows: null, capped: false, rowsEstimated: partition.liveRows };
  if (partition.locked) {
    return { ...base, unavailable: { code: "insufficient_data", reason: "Somebody holds a lock on it." } };
  }
  try {
    const { data } = await audit.read({
      name: "partitions.defaultRows",
      key: [oid],
      ttlMs: 60_000,
      revalidateMs: 60_000,
      source: `${schema}.${name}`,
      run: (sql) =>
        withProbeSettings(sql, async (probe) => {
          const [relation] = await probe<{ identifier: string; role: string; granted: boolean }[]>`
            select format('%I.%I', n.nspname, c.relname) as "identifier", quote_ident(current_user) as "role",
                   has_table_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage') as "granted"
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${oid}`;
          if (!relation) return null;
          if (!relation.granted) return { ...relation, rows: null };
          const [counted] = await probe.unsafe<{ rows: number }[]>(
            `select count(*)::int as "rows" from (select from ${relation.identifier} limit ${defaultRowsCap}) t`,
          );
          return { ...relation, rows: counted?.rows ?? 0 };
        }),
    });
    if (!data) return base;
    if (data.rows !== null) return { ...base, rows: data.rows, capped: data.rows >= defaultRowsCap };
    return {
      ...base,
      unavailable: {
        code: "no_grant",
        reason: "The watching role may not read this partition, so its rows are the statistics' estimate.",
        enable: `GRANT SELECT ON ${data.identifier} TO ${data.role};`,
      },
    };
  } catch (thrown) {
    return { ...base, unavailable: { code: "insufficient_data", reason: toAppError(thrown).message } };
  }
}
