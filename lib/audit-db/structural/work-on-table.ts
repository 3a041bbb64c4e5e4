import { AppError } from "../../errors.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { momentInWords } from "../../words.ts";
import type { ReservedSession } from "../pool/reserve.ts";
import type { AuditDb } from "../types.ts";
import { findLockHolder, type LockHolder, lockNumberOf, type TableName, tryLockTable } from "./table-lock.ts";

export interface StructuralWork {
  table: TableName;
  /** `topic.verb`: tags its statements and tells others what goes on. */
  name: string;
  /** The job that does it, so that others are told of it. */
  jobId?: string;
  /** Of each statement, in milliseconds; 0 for none. */
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  signal?: AbortSignal;
}

/** Somebody else does structural work on the table. `holder` is null when they were done before they could be seen. */
export class TableBusy extends AppError {
  readonly holder: LockHolder | null;

  constructor(table: TableName, holder: LockHolder | null) {
    super("CONFLICT", `${holderWords(holder)} works on ${quoteQualified(table.schema, table.name)}.`, {
      hint: "Wait for its end, then try again.",
      ...(holder && { since: holder.start }),
    });
    this.holder = holder;
  }
}

/** By what it carries, as every AppError of another bundle is told. */
export function isTableBusy(thrown: unknown): thrown is TableBusy {
  return thrown instanceof AppError && "holder" in thrown;
}

const prefix = "audit-db";

/** What its session is called; of the name as much as PostgreSQL keeps (63 bytes). */
export function structuralWorkName({ name, jobId }: Pick<StructuralWork, "name" | "jobId">): string {
  return [prefix, ...(jobId ? [jobId] : []), name].join(" ").slice(0, 63);
}

/** The job that a session called so works for; null for what is none of ours, or no job. */
export function jobOfHolder(applicationName: string): string | null {
  return /^audit-db ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) /.exec(applicationName)?.[1] ?? null;
}

/**
 * Changes the structure of a table: on a session of its own with the maintenance role, which holds the table's lock (that
 * of its root) until the work ends. Whoever comes second is told who works on it; nobody waits.
 * @throws TableBusy (CONFLICT); AppError UNSUPPORTED through a pooler or without a maintenance URL, NOT_FOUND,
 *   UNAVAILABLE when the session and its lock were lost; what `run` threw
 */
export async function workOnTable<T>(
  audit: Pick<AuditDb, "reserve" | "use">,
  work: StructuralWork,
  run: (session: ReservedSession) => Promise<T>,
): Promise<T> {
  const { table, name, statementTimeoutMs, lockTimeoutMs, signal } = work;
  const options = {
    name,
    applicationName: structuralWorkName(work),
    statementTimeoutMs,
    lockTimeoutMs,
    ...(signal && { signal }),
  };
  return audit.reserve("maintenance", options, async (session) => {
    const number = await lockNumberOf(session.sql, table);
    if (await tryLockTable(session.sql, number)) return run(session);
    // The maintenance role does not see since when others' sessions are there; the watching one does.
    const holder = await audit.use("watch", "structural.holder", (sql) => findLockHolder(sql, number));
    throw new TableBusy(table, holder);
  });
}

function holderWords(holder: LockHolder | null): string {
  if (!holder) return "Another session";
  const { pid, role, address, applicationName, start } = holder;
  const job = jobOfHolder(applicationName);
  const who = job ? `Job ${job} (${applicationName.slice(prefix.length + job.length + 2)})` : applicationName;
  const from = address === null ? "" : ` from ${address}`;
  return `${who || "A session"}, pid ${pid} of role ${role}${from}, connected since ${momentInWords(start.toISOString())} UTC,`;
}
