import type { Sql } from "postgres";
import type { Tx } from "../../db/console-db.ts";
import { listSubjectKeys } from "../../key-store/subject-keys.ts";
import type { LedgerEntry } from "../../ledger/entry.ts";
import { type EntryContext, writeLedgerEntry } from "../../ledger/write-entry.ts";

interface Writing {
  tx: Tx;
  sql: Sql;
  subject: string;
  by: { id: string | null };
  now: Date;
  sign: EntryContext["sign"];
}

type Said = Extract<LedgerEntry, { kind: "restriction" | "restriction_lifted" }>;

/**
 * Writes what befell a person into the ledger of each target on which they have a key, by one token: the oldest, which older
 * copies of the console know as well. Two in one entry would for good lead from an erased one to the living.
 * @returns the entries' numbers, and the token that records name them by; null for somebody without a key
 */
export async function writeOnEachTarget(
  { tx, sql, subject, by, now, sign }: Writing,
  say: (tokens: string[]) => Omit<Said, "target">,
): Promise<{ entries: number[]; token: string | null }> {
  const keys = await listSubjectKeys(sql, subject);
  const entries: number[] = [];
  for (const target of sign.auditTargets) {
    const key = keys.find((one) => one.target === null || one.target === target);
    if (!key) continue;
    const entry = { ...say([key.token]), target } as Said;
    entries.push(
      await writeLedgerEntry(tx, {
        entry,
        by: { kind: by.id === null ? "system" : "user", id: by.id },
        now,
        sign,
      }),
    );
  }
  return { entries, token: keys[0]?.token ?? null };
}
