import { extendPartitions, intervalsAhead } from "../audit-db/schema/extend-partitions.ts";
import type { AuditDb } from "../audit-db/types.ts";

const hourMs = 3_600_000;

/**
 * Keeps the partitions ahead, and once a day the parent's statistics fresh: autovacuum analyzes partitions, never
 * the parent.
 */
export function createKeeper(audit: Pick<AuditDb, "use">) {
  let analyzedAt = Date.now();
  return {
    async step(): Promise<number> {
      await audit.use("maintenance", "demo.partitions", (sql) =>
        extendPartitions(sql, { now: new Date(), ahead: intervalsAhead }),
      );
      if (Date.now() - analyzedAt > 24 * hourMs) {
        await audit.use("maintenance", "demo.analyze", (sql) => sql.unsafe("analyze public.audit_log"));
        analyzedAt = Date.now();
      }
      return hourMs;
    },
  };
}

/** Opens the reading pool's connections, which then lie idle as an application's pool does. */
export async function warmPool(audit: Pick<AuditDb, "use">, connections: number): Promise<number> {
  await Promise.all(
    Array.from({ length: connections }, () =>
      audit.use("read", "demo.warm", (sql) => sql`select pg_sleep(0.05)`),
    ),
  );
  return 2 * 60_000;
}
