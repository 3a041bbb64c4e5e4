import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "postgres";
import type { AuditDb } from "../../audit-db/types.ts";
import { AppError } from "../../errors.ts";
import { counted } from "../../words.ts";
import { knownMs } from "../gate.ts";
import { readIdentity } from "../identity.ts";
import { compareAndMark } from "../look.ts";
import { readMark, writeMark } from "../mark.ts";
import { walkEntries } from "../read-entries.ts";
import { findUndoneRedactions, type RedactionReceipt } from "../undone-redactions.ts";
import { redactAgain } from "./redact-again.ts";

export interface AttachedTable {
  console: Sql;
  audit: AuditDb;
  /** The table that is attached to `under`, quoted and qualified as `under` is. */
  table: string;
  under: string;
  signal: AbortSignal;
  log(message: string): void;
  /** Until every process knows what one noted; tests, whose processes begin anew, make it shorter. */
  waitMs?: number;
}

const heldMs = 600_000;
const slackMs = 1_000;

/**
 * Attaches a table of the log without anybody reading what it would bring back: values that were redacted while it was
 * detached, or restored with it. The guards let nothing be redacted in a table that stands alone, so nobody is shown
 * events from before the attach until the values are taken out through the log. A table without such is just attached.
 * Run again after a crash it goes on.
 * @throws AppError CONFLICT when there are such values and no privacy connection; what `attach` threw
 */
export async function attachRedacted<T>(given: AttachedTable, attach: () => Promise<T>): Promise<T> {
  const { console, audit, table, signal, log } = given;
  const undone = await undoneIn(given);
  if (undone.length === 0) return attach();
  if (!audit.can("privacy"))
    throw new AppError(
      "CONFLICT",
      `${table} holds ${counted(undone.length, "value")} that ${undone.length === 1 ? "was" : "were"} redacted, and there is no privacy connection to take ${undone.length === 1 ? "it" : "them"} out again.`,
      { hint: `Set the privacy URL of ${audit.target} (see docs/configuration.md), and attach it then.` },
    );
  log(
    `${counted(undone.length, "redaction")} will be replayed on ${table}; nobody is shown events until then.`,
  );
  await hold(given, undone.length);
  await sleep(given.waitMs ?? knownMs + slackMs, undefined, { signal });
  try {
    return await attach();
  } finally {
    // Also where it was not attached: then there is nothing to take out, and the comparison says so.
    const { done, differing } = await redactAgain(audit, undone, signal, () => {});
    log(
      `${counted(done.length, "redaction")} replayed${differing.length > 0 ? `, ${differing.length} differ` : ""}.`,
    );
    const look = { console, target: audit.target, signal };
    await audit.use("read", "ledger.mark", (sql) => compareAndMark({ ...look, log: sql }), {
      signal,
      timeoutMs: 3_600_000,
    });
  }
}

async function undoneIn({ console, audit, table, under }: AttachedTable): Promise<RedactionReceipt[]> {
  const undone: RedactionReceipt[] = [];
  await audit.use("maintenance", "ledger.table", async (sql) => {
    const [found] = await sql<{ isLog: boolean }[]>`
      select coalesce(pg_partition_root(to_regclass(${under})) = to_regclass('public.audit_log'), false) as "isLog"`;
    if (!found?.isLog) return;
    for await (const entries of walkEntries(console, audit.target)) {
      const redactions = entries.filter((entry) => entry.kind === "redaction") as ((typeof entries)[number] &
        RedactionReceipt)[];
      undone.push(...(await findUndoneRedactions(sql, redactions, table)));
    }
  });
  return undone;
}

async function hold({ console, audit }: AttachedTable, behind: number): Promise<void> {
  const mark = await readMark(console, audit.target);
  const identity = await audit.use("read", "ledger.identity", readIdentity);
  await writeMark(
    console,
    audit.target,
    { newestEntry: null, untrusted: 0, ...mark, ...identity, state: "target_older", behind },
    new Date(Date.now() + heldMs),
  );
}
