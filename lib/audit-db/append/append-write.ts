import type { Sql } from "postgres";
import { type AppendRow, leavesRecordedAt } from "./append-rows.ts";
import { type AppendCase, appendSql, standingSql } from "./append-statement.ts";
import { toWire } from "./append-wire.ts";
import type { Appended, QuarantineReason } from "./appended.ts";

interface Outcome {
  ord: number;
  reason: QuarantineReason | null;
  /** It waited in quarantine before. */
  held: boolean;
  stored: boolean;
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
  const answers = outcomes.map(
    ({ ord, reason, held, stored }): Appended & { again?: keyof typeof standing } => {
      const row = rows[ord] as AppendRow;
      const { id, occurredAt, leaf } = row;
      const key = `${row.retentionPolicy} ${occurredAt} ${id}`;
      const first = firsts.get(key);
      firsts.set(key, first ?? row);
      const table = reason ? "audit_quarantine" : "audit_log";
      if (held || !(stored || reason)) {
        taken[table].push(row);
        return { id, occurredAt, leaf, outcome: "duplicate", ...(reason && { reason }), again: table };
      }
      const same = !first || first.leaf === leaf;
      if (!same) return { id, occurredAt, leaf: first.leaf, outcome: "conflict" };
      if (reason) return { id, occurredAt, leaf, outcome: "quarantined", reason };
      return { id, occurredAt, leaf, outcome: first ? "duplicate" : "stored" };
    },
  );
  for (const table of ["audit_log", "audit_quarantine"] as const)
    if (taken[table].length > 0) await compareWithStanding(sql, table, outcomes, rows, answers);
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
): Promise<void> {
  const asked = answers.flatMap((answer, index) => (answer.again === table ? [index] : []));
  const keys = asked.map((index) => {
    const { retentionPolicy, occurredAt, id } = rows[outcomes[index]?.ord ?? 0] as AppendRow;
    return { ord: index, retention_policy: retentionPolicy, occurred_at: occurredAt, id };
  });
  const found = await sql.unsafe<{ ord: number; leaf: string; recordedAt: string }[]>(standing[table], [
    JSON.stringify(keys),
  ]);
  for (const { ord, leaf, recordedAt } of found) {
    const answer = answers[ord];
    const row = rows[outcomes[ord]?.ord ?? 0];
    if (!answer || !row) continue;
    // A row from before leaves existed cannot be compared; its key says that it is the same event.
    const same = leaf === "" || leaf === row.leaf || leavesRecordedAt(row, recordedAt).includes(leaf);
    answer.leaf = leaf;
    // Still waiting there: the caller is told the same as the first time.
    answer.outcome = same ? (answer.reason ? "quarantined" : "duplicate") : "conflict";
  }
}
