import type { Sql } from "postgres";
import { type LedgerMark, readMark } from "./mark.ts";

/** How a target's log and the ledger stand, as far as the console knows without asking anybody. */
export interface LedgerHealth {
  /** Null where they were never compared. */
  mark: Pick<LedgerMark, "state" | "behind" | "untrusted" | "seenAt"> | null;
  /** Receipts that are not in the target's log yet. */
  undelivered: number;
  /** When the oldest of them was written. */
  since: Date | null;
  /** Why the last try to deliver one of them failed. */
  error: string | null;
}

export async function readLedgerHealth(sql: Sql, target: string): Promise<LedgerHealth> {
  const known = await readMark(sql, target);
  const mark = known && pick(known);
  const [waiting] = await sql<Pick<LedgerHealth, "undelivered" | "since" | "error">[]>`
    select count(*)::int as undelivered, min(l.at) as since,
           (array_agg(o.last_error order by l.entry) filter (where o.last_error is not null))[1] as error
    from privacy_ledger l join outbox o on o.target = l.target and o.id = l.receipt_id
    where l.target = ${target} and o.state <> 'delivered'`;
  return { mark, undelivered: 0, since: null, error: null, ...waiting };
}

function pick({ state, behind, untrusted, seenAt }: LedgerMark): NonNullable<LedgerHealth["mark"]> {
  return { state, behind, untrusted, seenAt };
}
