import type { AuditDb } from "../../audit-db/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { type LedgerFilter, type ListedEntry, listLedger } from "../../ledger/list-ledger.ts";
import type { LedgerMark } from "../../ledger/mark.ts";
import { readLedgerHealth } from "../../ledger/read-health.ts";
import { receiptsThere } from "../../ledger/receipts-in-log.ts";
import type { LedgerRow } from "../types.ts";

export interface LedgerPage {
  /** The newest first. */
  entries: LedgerRow[];
  /** `before` of the next page; null: this is the last. */
  next: number | null;
  /** How the log of the target that is asked about and the ledger stood when they were last compared; null: never. */
  mark: Pick<LedgerMark, "state" | "behind" | "untrusted" | "seenAt"> | null;
}

const askedWithinMs = 3_000;

/**
 * A page of the ledger, with whether each receipt stands in its target's log: asked there by key, and unknown while that
 * does not answer.
 * @param openTarget engine of a target by name; throws where none is configured any more
 */
export async function getLedger(
  { sql }: Pick<ConsoleDb, "sql">,
  target: string,
  filter: LedgerFilter,
  openTarget: (name: string) => Pick<AuditDb, "use">,
): Promise<LedgerPage> {
  const found = await listLedger(sql, filter);
  const page = found.slice(0, filter.limit);
  const byTarget = [...Map.groupBy(page, (entry) => entry.target)];
  const there = new Map(
    await Promise.all(
      byTarget.map(async ([name, entries]) => [name, await askTarget(openTarget, name, entries)] as const),
    ),
  );
  return {
    entries: page.map(({ entry, kind, target: of, facts, at, name, receiptId, delivery }) => {
      const known = there.get(of);
      const receipt =
        delivery === "pending"
          ? "pending"
          : !known
            ? "unknown"
            : known.has(receiptId)
              ? "delivered"
              : "pending";
      return { entry, kind, target: of, facts, at, by: name, receiptId, receipt } as LedgerRow;
    }),
    next: found.length > page.length ? (page.at(-1)?.entry ?? null) : null,
    mark: (await readLedgerHealth(sql, target)).mark,
  };
}

async function askTarget(
  openTarget: (name: string) => Pick<AuditDb, "use">,
  name: string,
  entries: readonly ListedEntry[],
): Promise<Set<string> | null> {
  try {
    return await openTarget(name).use("read", "ledger.receipts", (log) => receiptsThere(log, entries), {
      timeoutMs: askedWithinMs,
    });
  } catch {
    return null;
  }
}
