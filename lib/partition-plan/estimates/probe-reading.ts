import { inTransaction } from "../../audit-db/pool/transaction.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { quoteIdentifier } from "../../quote-sql.ts";

/** How fast the server reads a table, tried out just now. */
export interface ReadingRate {
  bytesPerSecond: number;
  /** That were read to find out. */
  bytes: number;
  /** Qualified and quoted. */
  relation: string;
}

/** 8 MB: some milliseconds from memory, a tenth of a second from a slow disk. */
const probedPages = 1_024;

/**
 * Reads the first 8 MB of a table as its owner, who may. Whether they lie in memory shows in the rate, as it will for the
 * first bytes of the step itself.
 * @returns null where it may not be read, is locked, holds nothing or takes longer than a second
 */
export async function probeReading(
  audit: Pick<AuditDb, "can" | "use">,
  relation: string,
  runsAs: string,
): Promise<ReadingRate | null> {
  if (!audit.can("maintenance")) return null;
  try {
    return await audit.use("maintenance", "partitions.probe_reading", (sql) =>
      inTransaction(sql, "read only", async (tx) => {
        await tx.unsafe(
          `SET LOCAL ROLE ${quoteIdentifier(runsAs)}; SET LOCAL statement_timeout = '1s'; SET LOCAL lock_timeout = '50ms'`,
        );
        const [row] = await tx.unsafe<{ "QUERY PLAN": Explained[] }[]>(
          `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) SELECT count(*) FROM ONLY ${relation} WHERE ctid < '(${probedPages},0)'`,
        );
        const [size] = await tx<{ bytes: number }[]>`select current_setting('block_size')::int as bytes`;
        const explained = row?.["QUERY PLAN"][0];
        if (!explained) return null;
        const blocks = explained.Plan["Shared Hit Blocks"] + explained.Plan["Shared Read Blocks"];
        const bytes = blocks * (size?.bytes ?? 8_192);
        const seconds = explained["Execution Time"] / 1_000;
        return bytes > 0 && seconds > 0 ? { bytesPerSecond: bytes / seconds, bytes, relation } : null;
      }),
    );
  } catch {
    return null;
  }
}

interface Explained {
  "Execution Time": number;
  Plan: { "Shared Hit Blocks": number; "Shared Read Blocks": number };
}
