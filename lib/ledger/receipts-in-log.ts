import type { KeyObject } from "node:crypto";
import type { Sql } from "postgres";
import { findPublicKey } from "../key-store/sign.ts";
import { type JudgedReceipt, judgeReceipt } from "./receipt.ts";
import { receiptOrganization, receiptPolicy } from "./receipt-event.ts";

/** An event of a target's log that says to be a receipt. */
export interface LoggedReceipt {
  id: string;
  /** ISO 8601 with microseconds. */
  occurredAt: string;
  action: string;
  jws: unknown;
}

/**
 * Receipts that stand in the log, the newest first, by the index over organisation and time.
 * @param before only what lies before this one
 */
export async function readLoggedReceipts(
  sql: Sql,
  limit: number,
  before?: Pick<LoggedReceipt, "id" | "occurredAt">,
): Promise<LoggedReceipt[]> {
  const { occurredAt = "infinity", id = "00000000-0000-0000-0000-000000000000" } = before ?? {};
  const rows = await sql<LoggedReceipt[]>`
    select id::text, to_char(occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt", action,
           details -> 'receipt' as jws
    from public.audit_log
    where organization_id = ${receiptOrganization} and retention_policy = ${receiptPolicy}
      and occurred_at <= ${occurredAt}::text::timestamptz
      and (occurred_at, id) < (${occurredAt}::text::timestamptz, ${id}::text::uuid)
    order by occurred_at desc, id desc limit ${limit}`;
  return [...rows];
}

/** Which of these receipts stand in the log, or wait in its quarantine. Each is looked up by the key of its row. */
export async function receiptsThere(
  sql: Sql,
  receipts: readonly { receiptId: string; at: string }[],
): Promise<Set<string>> {
  const asked = JSON.stringify(receipts.map(({ receiptId, at }) => ({ id: receiptId, at })));
  const rows = await sql<{ id: string }[]>`
    with asked as (select * from json_to_recordset(${asked}::text::json) as r(id uuid, at timestamptz))
    select asked.id::text from asked where exists (
      select from public.audit_log l
      where l.retention_policy = ${receiptPolicy} and l.occurred_at = asked.at and l.id = asked.id)
    union
    select asked.id::text from asked where exists (
      select from public.audit_quarantine q
      where q.id = asked.id and q.occurred_at = asked.at and q.retention_policy = ${receiptPolicy})`;
  return new Set(rows.map(({ id }) => id));
}

/** How a logged receipt is judged on one target, each key looked up once. */
export function receiptJudge(
  consoleSql: Sql,
  target: string,
): (logged: LoggedReceipt) => Promise<JudgedReceipt> {
  const keys = new Map<string, Promise<KeyObject | null>>();
  const findKey = (kid: string) => {
    const key = keys.get(kid) ?? findPublicKey(consoleSql, kid);
    keys.set(kid, key);
    return key;
  };
  return async (logged) => {
    const judged = await judgeReceipt(logged.jws, findKey);
    if (!judged.trusted) return judged;
    const { receipt } = judged;
    // A true receipt that was copied, to another target or under another id, says nothing about this one.
    const itself = receipt.target === target && receipt.receiptId === logged.id;
    return itself ? judged : { trusted: false, why: "another's receipt", kid: null };
  };
}
