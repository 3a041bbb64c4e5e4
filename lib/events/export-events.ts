import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { inTransaction } from "../audit-db/transaction.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import { checkAccess } from "./check-access.ts";
import { type ExportOptions, exportStatement } from "./export-statement.ts";
import type { EventFilters } from "./types.ts";

/** The longest an export may take; the lease is one connection of the read pool for as long. */
const longestMs = 6 * 3_600_000;

/**
 * Writes events of a range to `out`, oldest first, as fast as `out` takes them and never faster: COPY straight
 * through, nothing is collected in memory. Ciphertexts stand as hex. Stops on the server when `signal` aborts or `out`
 * is destroyed. Ends `out` when everything is written.
 * @param filters people as tokens (`tokenFilters`)
 * @throws AppError UNSUPPORTED without what it needs; the signal's reason
 */
export async function exportEvents(
  audit: Pick<AuditDb, "use" | "server">,
  filters: EventFilters,
  options: ExportOptions,
  out: Writable,
  signal: AbortSignal,
): Promise<void> {
  const { template, values } = exportStatement(filters, options);
  await audit.use(
    "read",
    "events.export",
    async (sql) => {
      const missing = await checkAccess(sql, audit);
      if (missing)
        throw new AppError("UNSUPPORTED", missing.reason, {
          ...(missing.enable && { hint: missing.enable }),
        });
      // The server quotes the literals itself: COPY takes no parameters.
      const literals = values.map((_, index) => `$${index + 2}::text`).join(", ");
      const [copy] = await sql.unsafe<{ text: string }[]>(`select format($1::text, ${literals}) as text`, [
        template,
        ...values,
      ]);
      await inTransaction(sql, "isolation level repeatable read read only", async (tx) => {
        await tx`set local statement_timeout = 0`;
        const rows = await tx.unsafe(copy?.text ?? "").readable();
        await pipeline(rows, out, { signal });
      });
    },
    { signal, timeoutMs: longestMs, route: "nearest", maxStalenessMs: 60_000 },
  );
}

/** Filters with people's ids replaced by what the log calls them; a text that is nobody's id stays. */
export async function tokenFilters(
  audit: Pick<AuditDb, "vault">,
  filters: EventFilters,
): Promise<EventFilters> {
  const ids = [filters.actor, filters.target];
  const tokens = await Promise.all(
    ids.map(async (id) => (id === undefined ? undefined : ((await audit.vault?.tokensOf([id]))?.[0] ?? id))),
  );
  return { ...filters, actor: tokens[0], target: tokens[1] };
}
