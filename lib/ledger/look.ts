import type { Sql } from "postgres";
import { compareLedger, judgeUnknown } from "./compare.ts";
import { readIdentity, tellAnother } from "./identity.ts";
import { judgeCompared, type LedgerMark, readMark, writeMark } from "./mark.ts";
import { type LoggedReceipt, readLoggedReceipts, receiptJudge, receiptsThere } from "./receipts-in-log.ts";

export interface Look {
  /** The console's own database. */
  console: Sql;
  target: string;
  /** The target's log, as its readers see it. */
  log: Sql;
  signal?: AbortSignal;
}

/** Receipts that a short look asks for at once, and how often it goes on past such as nobody signed. */
const page = 50;
const pages = 20;

/**
 * Whether a target's log and the ledger agree, and leaves it in `ledger_mark` for every process. Short (who the server is,
 * the newest receipt of each side) while it is the database that was compared before and agreed; a whole comparison else.
 * @returns null where there is no log of ours, or a replica was asked, which lags behind
 */
export async function lookAtLedger(look: Look): Promise<LedgerMark | null> {
  const { console, target, log } = look;
  const identity = await readIdentity(log);
  if (identity.logOid === null || identity.inRecovery || !(await isReadable(log))) return null;
  const mark = await readMark(console, target);
  if (mark?.heldUntil && mark.heldUntil > new Date()) return mark;
  const same = mark !== null && mark.state === "agrees" && tellAnother(mark, identity) === null;
  const agreed = same ? await agreesLately(look, mark) : null;
  const found = agreed ?? judgeCompared(await compareLedger(look));
  await writeMark(console, target, { ...identity, ...found }, "respect");
  return readMark(console, target);
}

/** The whole comparison, whatever was known before; events that were held back are not held back any more. */
export async function compareAndMark(look: Look): Promise<LedgerMark | null> {
  const { console, target, log } = look;
  const identity = await readIdentity(log);
  await writeMark(console, target, { ...identity, ...judgeCompared(await compareLedger(look)) }, "end");
  return readMark(console, target);
}

/** By the newest receipts that were delivered and those that are there now; null where that does not settle it. */
async function agreesLately(
  { console, target, log }: Look,
  mark: LedgerMark,
): Promise<ReturnType<typeof judgeCompared> | null> {
  const newest = await console<{ entry: string; receiptId: string; at: Date }[]>`
    select l.entry, l.receipt_id as "receiptId", l.at from privacy_ledger l
    left join outbox o on o.target = l.target and o.id = l.receipt_id
    where l.target = ${target} and (o.state is null or o.state = 'delivered') order by l.entry desc limit ${page}`;
  const asked = newest.map(({ receiptId, at }) => ({ receiptId, at: at.toISOString() }));
  const there = asked.length > 0 ? await receiptsThere(log, asked) : new Set();
  if (asked.some(({ receiptId }) => !there.has(receiptId))) return null;
  const newestEntry = newest[0] ? Number(newest[0].entry) : mark.newestEntry;
  const judge = receiptJudge(console, target);
  let untrustedNow = 0;
  let before: LoggedReceipt | undefined;
  for (let turn = 0; turn < pages; turn++) {
    const logged = await readLoggedReceipts(log, page, before);
    const { unknown, untrusted } = await judgeUnknown(console, judge, logged);
    if (unknown.length > 0) return null;
    untrustedNow += untrusted.length;
    before = logged.at(-1);
    if (logged.length < page || untrusted.length < logged.length) break;
  }
  return { state: "agrees", behind: 0, newestEntry, untrusted: Math.max(mark.untrusted, untrustedNow) };
}

async function isReadable(log: Sql): Promise<boolean> {
  const [row] = await log<{ readable: boolean }[]>`
    select coalesce(has_table_privilege(to_regclass('public.audit_log'), 'SELECT'), false)
       and coalesce(has_table_privilege(to_regclass('public.audit_quarantine'), 'SELECT'), false)
       and coalesce(has_table_privilege(to_regclass('public.retention_policy'), 'SELECT'), false)
       and exists (select from pg_attribute
                   where attrelid = to_regclass('public.audit_log') and attname = 'leaf') as readable`;
  return row?.readable === true;
}
