import type { Sql } from "postgres";
import type { LedgerKind } from "../../../drizzle/console/schema/privacy.ts";
import type { Compared } from "../compare.ts";
import type { Untrusted } from "../receipt.ts";

/** What a replay would do now, as far as both sides can be seen. */
export interface ReplayPlan {
  /** Entries of the log's signed receipts that the ledger lacks, by number; each is done again. */
  entries: { entry: number; kind: LedgerKind; at: string; receiptId: string }[];
  /** Tokens whose keys the ledger says are destroyed, or closed for policies, and that open here. */
  keys: string[];
  /** Numbers of redactions whose values are in the log again. */
  redactions: number[];
  /** Numbers of entries whose receipts the log lacks. */
  receipts: number[];
  /** What says to be a receipt and is nobody's: nothing is done for it. */
  untrusted: { id: string; occurredAt: string; action: string; why: Untrusted; kid: string | null }[];
}

export async function planReplay(console: Sql, target: string, compared: Compared): Promise<ReplayPlan> {
  const unknown = compared.unknown.flatMap((receipt) =>
    receipt.kind === "erasure" ? [receipt.facts.token] : [],
  );
  const again = await console<{ token: string }[]>`
    select token from vault.subject_key
    where state <> 'erased' and token in (select jsonb_array_elements_text(${JSON.stringify(unknown)}::text::jsonb))`;
  const open = await listOpenErased(console, target);
  return {
    entries: compared.unknown.map(({ entry, kind, at, receiptId }) => ({ entry, kind, at, receiptId })),
    keys: [...new Set([...again.map(({ token }) => token), ...open.map(({ token }) => token)])].sort(),
    redactions: compared.undone.map(({ entry }) => entry),
    receipts: compared.missing.map(({ entry }) => entry),
    untrusted: compared.untrusted.map(({ id, occurredAt, action, why, kid }) => ({
      id,
      occurredAt,
      action,
      why,
      kid,
    })),
  };
}

/** Whether a replay would change anything. */
export function hasWork({ entries, keys, redactions, receipts }: ReplayPlan): boolean {
  return entries.length + keys.length + redactions.length + receipts.length > 0;
}

/** A key that opens although an entry of the ledger says that it was destroyed. */
export interface OpenErased {
  entry: number;
  token: string;
  state: "active" | "kept" | "erasing";
}

/** Keys of this target's erasures that are not destroyed: where a replay ended between its two halves. */
export async function listOpenErased(console: Sql, target: string): Promise<OpenErased[]> {
  const rows = await console<(Omit<OpenErased, "entry"> & { entry: string })[]>`
    select max(l.entry) as entry, k.token, k.state
    from vault.subject_key k
    join privacy_ledger l on l.kind = 'erasure' and l.facts ->> 'token' = k.token
    where k.state <> 'erased' and l.target = ${target} and l.facts ->> 'keyId' is not null
    group by k.token, k.state order by 1`;
  return rows.map((row) => ({ ...row, entry: Number(row.entry) }));
}
