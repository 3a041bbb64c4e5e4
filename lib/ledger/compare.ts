import type { Sql } from "postgres";
import { knownReceipts, type StoredEntry, walkEntries } from "./read-entries.ts";
import type { Receipt, Untrusted } from "./receipt.ts";
import { type LoggedReceipt, readLoggedReceipts, receiptJudge, receiptsThere } from "./receipts-in-log.ts";
import { findUndoneRedactions, type RedactionReceipt } from "./undone-redactions.ts";

export interface Compared {
  /** Entries whose receipts were delivered and are not in the log any more. */
  missing: StoredEntry[];
  /** Redactions whose values are there again. */
  undone: RedactionReceipt[];
  /** Signed receipts of the log of which the ledger knows nothing, by number. */
  unknown: (Receipt & { jws: string })[];
  /** What says to be a receipt, is none that the ledger knows, and that nobody known here signed. */
  untrusted: (LoggedReceipt & { why: Untrusted; kid: string | null })[];
  /** Newest entry whose receipt stands in the log. */
  newestEntry: number | null;
}

export interface Comparison {
  /** The console's own database. */
  console: Sql;
  target: string;
  /** The target's log, as its readers see it. */
  log: Sql;
  signal?: AbortSignal;
  /** Told after each batch how many entries and receipts were looked at. */
  progress?(done: number): void;
}

const batch = 500;

/**
 * Compares a target's log with the ledger, both ways and whole: every entry by the key of its rows, every receipt by the
 * index of receipts. Changes nothing.
 */
export async function compareLedger(comparison: Comparison): Promise<Compared> {
  const { console, target, log, signal, progress } = comparison;
  const compared: Compared = { missing: [], undone: [], unknown: [], untrusted: [], newestEntry: null };
  const keptSince = await oldestKept(log);
  let done = 0;
  const step = (looked: number) => {
    signal?.throwIfAborted();
    done += looked;
    progress?.(done);
  };
  for await (const entries of walkEntries(console, target, batch)) {
    const there = await receiptsThere(log, entries);
    for (const entry of entries)
      if (there.has(entry.receiptId)) compared.newestEntry = entry.entry;
      else if (wasDelivered(entry) && keptSince !== null && new Date(entry.at) >= keptSince)
        compared.missing.push(entry);
    const redactions = entries.filter((entry) => entry.kind === "redaction") as (StoredEntry &
      RedactionReceipt)[];
    // Where an event waited in quarantine it was redacted there, and it may have been replayed since.
    for (const table of ["public.audit_log", "public.audit_quarantine"] as const)
      for (const undone of await findUndoneRedactions(log, redactions, table))
        if (!compared.undone.includes(undone)) compared.undone.push(undone);
    step(entries.length);
  }
  const judge = receiptJudge(console, target);
  let before: LoggedReceipt | undefined;
  for (;;) {
    const logged = await readLoggedReceipts(log, batch, before);
    const { unknown, untrusted } = await judgeUnknown(console, judge, logged);
    compared.unknown.push(...unknown);
    compared.untrusted.push(...untrusted);
    step(logged.length);
    before = logged.at(-1);
    if (logged.length < batch) break;
  }
  compared.unknown.sort((a, b) => a.entry - b.entry);
  return compared;
}

/** Those of these receipts that the ledger does not know, and what each is worth. */
export async function judgeUnknown(
  console: Sql,
  judge: ReturnType<typeof receiptJudge>,
  logged: readonly LoggedReceipt[],
): Promise<Pick<Compared, "unknown" | "untrusted">> {
  const known = await knownReceipts(
    console,
    logged.map(({ id }) => id),
  );
  const found: Pick<Compared, "unknown" | "untrusted"> = { unknown: [], untrusted: [] };
  for (const one of logged.filter(({ id }) => !known.has(id))) {
    const judged = await judge(one);
    if (judged.trusted) found.unknown.push({ ...judged.receipt, jws: String(one.jws) });
    else found.untrusted.push({ ...one, why: judged.why, kid: judged.kid });
  }
  return found;
}

function wasDelivered({ delivery }: StoredEntry): boolean {
  return delivery === "delivered" || delivery === null;
}

/** Receipts older than this left the log with their partitions; null where it has none. */
async function oldestKept(log: Sql): Promise<Date | null> {
  const [row] = await log<{ floorDays: number }[]>`
    select floor_days as "floorDays" from public.retention_policy where name = 'standard'`;
  return row ? new Date(Date.now() - row.floorDays * 86_400_000) : new Date(0);
}
