import type { Sql } from "postgres";
import type { Vault } from "../vault/types.ts";
import type { AppendRow } from "./append-rows.ts";
import { type AppendCase, appendSql, standingSql } from "./append-statement.ts";
import { toWire } from "./append-wire.ts";
import type { Appended, QuarantineReason } from "./appended.ts";
import { rowsUnderOtherKeys } from "./rows-under-other-keys.ts";
import { formsOf, isSameEvent, type StandingRow } from "./same-event.ts";

interface Outcome {
  ord: number;
  reason: QuarantineReason | null;
  /** It stands there since now; else its key was taken before. */
  kept: boolean;
}

const standing = { audit_log: standingSql("audit_log"), audit_quarantine: standingSql("audit_quarantine") };

/**
 * Writes rows in one statement and answers each, in their order. A row whose key is taken is a duplicate when what
 * stands there says the same (recorded by an earlier attempt), else a conflict; either way the stored leaf is
 * answered and nothing is changed.
 */
export async function writeRows(
  sql: Sql,
  rows: readonly AppendRow[],
  given: AppendCase,
): Promise<Appended[]> {
  const { prepare } = given;
  const outcomes = await sql.unsafe<Outcome[]>(appendSql(given), toWire(rows), { prepare });
  if (given.areNew) return answerNew(rows, outcomes);
  const taken: Record<keyof typeof standing, AppendRow[]> = { audit_log: [], audit_quarantine: [] };
  const firsts = new Map<string, AppendRow>();
  const answers = outcomes.map(({ ord, reason, kept }): Appended & { again?: keyof typeof standing } => {
    const row = rows[ord] as AppendRow;
    const { id, occurredAt, leaf } = row;
    const key = `${row.retentionPolicy} ${occurredAt} ${id}`;
    const first = firsts.get(key);
    firsts.set(key, first ?? row);
    const table = reason ? "audit_quarantine" : "audit_log";
    // A repeat within one call under another key is found out as any other is: the first stands by now.
    if (!kept || (first && !isSameEvent(formsOf(row), first))) {
      taken[table].push(row);
      return { id, occurredAt, leaf, outcome: "duplicate", ...(reason && { reason }), again: table };
    }
    const stands = { id, occurredAt, leaf: (first ?? row).leaf };
    if (reason) return { ...stands, outcome: "quarantined", reason };
    return { ...stands, outcome: first ? "duplicate" : "stored" };
  });
  for (const table of ["audit_log", "audit_quarantine"] as const)
    if (taken[table].length > 0) await compareWithStanding(sql, table, outcomes, rows, answers, given.vault);
  return answers.map(({ again: _, ...answer }) => answer);
}

/** @param outcomes those in quarantine alone */
function answerNew(rows: readonly AppendRow[], outcomes: readonly Outcome[]): Appended[] {
  const answers = rows.map(
    ({ id, occurredAt, leaf }): Appended => ({ id, occurredAt, leaf, outcome: "stored" }),
  );
  for (const { ord, reason } of outcomes) {
    const answer = answers[ord];
    if (answer && reason) Object.assign(answer, { outcome: "quarantined", reason });
  }
  return answers;
}

async function compareWithStanding(
  sql: Sql,
  table: keyof typeof standing,
  outcomes: readonly Outcome[],
  rows: readonly AppendRow[],
  answers: (Appended & { again?: keyof typeof standing })[],
  vault: Vault | undefined,
): Promise<void> {
  const asked = answers.flatMap((answer, index) => (answer.again === table ? [index] : []));
  const keys = asked.map((index) => {
    const { retentionPolicy, occurredAt, id } = rows[outcomes[index]?.ord ?? 0] as AppendRow;
    return { ord: index, retention_policy: retentionPolicy, occurred_at: occurredAt, id };
  });
  const found = await sql.unsafe<(StandingRow & { ord: number })[]>(standing[table], [JSON.stringify(keys)]);
  const differing: { answer: Appended; row: AppendRow; stands: StandingRow }[] = [];
  for (const { ord, ...stands } of found) {
    const answer = answers[ord];
    const row = rows[outcomes[ord]?.ord ?? 0];
    if (!answer || !row) continue;
    answer.leaf = stands.leaf;
    // Still waiting there: the caller is told the same as the first time.
    answer.outcome = answer.reason ? "quarantined" : "duplicate";
    const same = stands.leaf === row.leaf || isSameEvent(formsOf(row), stands);
    if (!same) differing.push({ answer, row, stands });
  }
  const others = await rowsUnderOtherKeys(
    differing.map(({ row }) => row),
    vault,
  );
  for (const [at, { answer, row, stands }] of differing.entries())
    if (!isSameEvent([row, ...(others[at] ?? [])].flatMap(formsOf), stands)) answer.outcome = "conflict";
}
