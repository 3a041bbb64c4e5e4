import type { TableName } from "../../audit-db/structural/table-lock.ts";
import type { AuditDb } from "../../audit-db/types.ts";

const countedRows = 1_000;

/**
 * How many rows such a query finds, as the owner of the tree: the watching role reads none. At most 1,000, within two seconds.
 * @returns "3", "1,000 or more", "" for none; null where they could not be counted
 */
export async function countRows(audit: AuditDb, root: TableName, select: string): Promise<string | null> {
  if (!audit.can("maintenance")) return null;
  try {
    return await audit.use("maintenance", "partitions.count_strays", async (sql) => {
      const [owner] = await sql<{ name: string }[]>`
        select quote_ident(r.rolname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_roles r on r.oid = c.relowner where n.nspname = ${root.schema} and c.relname = ${root.name}`;
      const rows = await sql.begin("read only", async (tx) => {
        await tx.unsafe(
          `SET LOCAL ROLE ${owner?.name}; SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '200ms'`,
        );
        const [row] = await tx.unsafe<{ rows: number }[]>(
          `SELECT count(*)::int AS rows FROM (${select} LIMIT ${countedRows}) AS found`,
        );
        return row?.rows ?? 0;
      });
      if (rows === 0) return "";
      return rows >= countedRows ? `${countedRows.toLocaleString("en-US")} or more` : `${rows}`;
    });
  } catch {
    return null;
  }
}
