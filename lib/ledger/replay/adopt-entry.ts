import type { Sql } from "postgres";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { closePolicy, markKey } from "../../key-store/subject-keys.ts";
import type { Receipt } from "../receipt.ts";

/** Who stands for what was decided in entries of which the console knows no more than the receipt. */
const replayed = "replay of the privacy ledger";

/**
 * Takes an entry back that only its receipt knows: the row, under its number where that is free, and what it did, in one
 * transaction. Taken back before, nothing happens. A key is only marked: it is destroyed one key TTL later.
 */
export function adoptEntry(console: Sql, receipt: Receipt & { jws: string }): Promise<void> {
  return console.begin(async (begun) => {
    const sql = begun as unknown as Sql;
    // Two replays of one entry: the second finds it.
    await sql`lock table privacy_ledger in share row exclusive mode`;
    const [known] = await sql`select from privacy_ledger where receipt_id = ${receipt.receiptId}`;
    if (known) return;
    await insertRow(sql, receipt);
    await doAgain(sql, receipt);
  }) as Promise<void>;
}

async function insertRow(sql: Sql, receipt: Receipt & { jws: string }): Promise<void> {
  const { entry, kind, target, facts, at, by, receiptId, jws } = receipt;
  // A number that was given to something else here meanwhile stays what it is; the receipt says the one it had.
  await sql`
    insert into privacy_ledger (entry, kind, target, facts, at, by_token, receipt_id, receipt)
    overriding system value
    select case when exists (select from privacy_ledger where entry = ${entry})
                then nextval('privacy_ledger_entry_seq') else ${entry}::bigint end,
           ${kind}, ${target}, ${JSON.stringify(facts)}::text::jsonb, ${at}::text::timestamptz, ${by}, ${receiptId}, ${jws}`;
  await sql`
    select setval('privacy_ledger_entry_seq', newest) from (select max(entry) as newest from privacy_ledger) l
    where newest > (select last_value from privacy_ledger_entry_seq)`;
}

async function doAgain(sql: Sql, receipt: Receipt): Promise<void> {
  const { kind, target, facts, entry, at } = receipt;
  if (kind === "erasure") {
    const [key] = await sql<{ state: string }[]>`
      select state from vault.subject_key where token = ${facts.token}`;
    if (!key || key.state === "erased") return;
    if (facts.keyId !== null) await markKey(sql, facts.token);
    else for (const policy of facts.policies) await closePolicy(sql, facts.token, target, policy);
  } else if (kind === "restriction") await restrictAgain(sql, facts, `${target}: entry ${entry}`, at);
  else if (kind === "restriction_lifted") await liftAgain(sql, facts.tokens, `${target}: entry ${entry}`, at);
}

async function restrictAgain(
  sql: Sql,
  { tokens, ground }: { tokens: string[]; ground: string },
  reason: string,
  at: string,
): Promise<void> {
  for (const subject of await subjectsOf(sql, tokens)) {
    const restricted = await sql`
      update vault.subject set restricted_at = ${at}::text::timestamptz
      where id = ${subject} and restricted_at is null returning 1`;
    if (restricted.length === 0) continue;
    await sql`
      insert into vault.restriction (id, subject, ground, reason, placed_by_name, placed_at)
      values (${uuidV7()}, ${subject}, ${ground}, ${reason}, ${replayed}, ${at}::text::timestamptz)`;
  }
}

async function liftAgain(sql: Sql, tokens: string[], reason: string, at: string): Promise<void> {
  for (const subject of await subjectsOf(sql, tokens)) {
    await sql`
      update vault.restriction
      set lifted_by_name = ${replayed}, lifted_at = ${at}::text::timestamptz, lift_reason = ${reason}
      where subject = ${subject} and lifted_at is null`;
    await sql`update vault.subject set restricted_at = null where id = ${subject}`;
  }
}

async function subjectsOf(sql: Sql, tokens: readonly string[]): Promise<string[]> {
  const rows = await sql<{ subject: string }[]>`
    select distinct subject from vault.subject_key
    where subject is not null
      and token in (select jsonb_array_elements_text(${JSON.stringify(tokens)}::text::jsonb))`;
  return rows.map(({ subject }) => subject);
}
