import type { Sql } from "postgres";
import type { LedgerMarkState } from "../../drizzle/console/schema/privacy.ts";
import type { Compared } from "./compare.ts";
import type { DatabaseIdentity } from "./identity.ts";

/** How a target's log and the ledger stood when they were last compared, and which database that was. */
export interface LedgerMark extends Omit<DatabaseIdentity, "inRecovery"> {
  newestEntry: number | null;
  state: LedgerMarkState;
  /** How many entries or receipts one lacks that the other has. */
  behind: number;
  /** Receipts in the log that nobody known here signed. */
  untrusted: number;
  seenAt: Date;
  /** Until then nobody finds that they agree. */
  heldUntil: Date | null;
}

/** Null for a target that was never compared. */
export async function readMark(sql: Sql, target: string): Promise<LedgerMark | null> {
  const [row] = await sql<
    (Omit<LedgerMark, "logOid" | "newestEntry"> & { logOid: string | null; newestEntry: string | null })[]
  >`
    select system_identifier as "systemIdentifier", timeline, log_oid as "logOid", started_at as "startedAt",
           newest_entry as "newestEntry", state, behind, untrusted, seen_at as "seenAt", partitions,
           held_until as "heldUntil"
    from ledger_mark where target = ${target}`;
  const number = (text: string | null) => (text === null ? null : Number(text));
  return row ? { ...row, logOid: number(row.logOid), newestEntry: number(row.newestEntry) } : null;
}

/**
 * Leaves what was found for every process.
 * @param hold what it does to a time until which events are held back: `respect` writes nothing before that is over, also
 * where it began after the look; `end` ends it; a Date begins it
 */
export async function writeMark(
  sql: Sql,
  target: string,
  mark: Omit<LedgerMark, "seenAt" | "heldUntil">,
  hold: "respect" | "end" | Date,
): Promise<void> {
  const heldUntil = hold instanceof Date ? hold : null;
  const { systemIdentifier, timeline, logOid, partitions, startedAt, newestEntry, state, behind, untrusted } =
    mark;
  await sql`
    insert into ledger_mark
      (target, system_identifier, timeline, log_oid, started_at, newest_entry, state, behind, untrusted, partitions,
       held_until, seen_at)
    values (${target}, ${systemIdentifier}, ${timeline}, ${logOid}, ${startedAt}, ${newestEntry}, ${state}, ${behind},
            ${untrusted}, ${partitions}, ${heldUntil}, clock_timestamp())
    on conflict (target) do update set
      system_identifier = excluded.system_identifier, timeline = excluded.timeline, log_oid = excluded.log_oid,
      started_at = excluded.started_at, newest_entry = excluded.newest_entry, state = excluded.state,
      partitions = excluded.partitions, held_until = excluded.held_until, behind = excluded.behind, untrusted = excluded.untrusted, seen_at = excluded.seen_at
    where ${hold !== "respect"} or ledger_mark.held_until is null or ledger_mark.held_until <= clock_timestamp()`;
}

/** What a comparison says. The console's own gap comes first: what it lacks is read from the log before anything is done there. */
export function judgeCompared(
  compared: Compared,
): Pick<LedgerMark, "state" | "behind" | "untrusted" | "newestEntry"> {
  const { missing, undone, unknown, untrusted, newestEntry } = compared;
  const atTarget = missing.length + undone.length;
  const state = unknown.length > 0 ? "console_older" : atTarget > 0 ? "target_older" : "agrees";
  return { state, behind: unknown.length + atTarget, untrusted: untrusted.length, newestEntry };
}
