import { parseQualified, quoteQualified } from "../../quote-sql.ts";
import { tellRefusal } from "../pool/driver-error.ts";
import type { AuditDb } from "../types.ts";

export interface Vacuumed {
  partition: string;
  /** Dead rows that a snapshot, a slot or a prepared transaction still keeps; vacuum again once it is gone. */
  deadRows: number;
}

/**
 * Removes the dead rows that redactions left, from tables and their indexes, while others read and write. Small values in
 * an index's entries go as well, which VACUUM by itself would put off. Needs the maintenance connection.
 * @param partitions as `redactEvents` names them
 * @throws as `AuditDb.use`
 */
export function vacuumTouched(
  audit: Pick<AuditDb, "use">,
  partitions: readonly string[],
): Promise<Vacuumed[]> {
  return audit
    .use(
      "maintenance",
      "engine.vacuum_touched",
      async (sql) => {
        const done: Vacuumed[] = [];
        for (const partition of new Set(partitions)) {
          const { schema, name } = parseQualified(partition) ?? { schema: null, name: partition };
          const table = quoteQualified(schema ?? "public", name);
          await sql.unsafe(`vacuum (index_cleanup on) ${table}`);
          const [found] = await sql<{ deadRows: number }[]>`
          select pg_stat_get_dead_tuples(to_regclass(${table}))::int as "deadRows"`;
          done.push({ partition, deadRows: found?.deadRows ?? 0 });
        }
        return done;
      },
      { timeoutMs: 3_600_000 },
    )
    .catch((thrown: unknown) => {
      throw tellRefusal(thrown, "engine.vacuum_touched");
    });
}
