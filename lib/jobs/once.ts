import { and, eq, isNull } from "drizzle-orm";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { type Claim, claimLost } from "./claim.ts";
import type { JobContext } from "./define-job.ts";

/** `once` of a claim. Its notes are the job's: what an earlier attempt has done is done. */
export function createOnce(console: ConsoleDb, claim: Claim): JobContext["once"] {
  const { jobOnce } = schema;

  async function find(tx: Tx, key: string): Promise<{ result: unknown } | undefined> {
    const [noted] = await tx
      .select({ result: jobOnce.result })
      .from(jobOnce)
      .where(and(eq(jobOnce.jobId, claim.id), eq(jobOnce.key, key)));
    return noted;
  }

  /** The work, if it is there to do, and its note, or neither. */
  async function inOneTransaction<T>(key: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return console.db.transaction(async (tx) => {
      await assertHeld(tx, claim);
      const noted = await find(tx, key);
      if (noted) return noted.result as T;
      const result = await work(tx);
      await tx
        .insert(jobOnce)
        .values({ jobId: claim.id, key, attempt: claim.attempt, result: result ?? null });
      return result;
    });
  }

  return async <T>(
    key: string,
    work: ((tx: Tx) => Promise<T>) | { done?(): Promise<T | null>; do(): Promise<T> },
  ): Promise<T> => {
    if (typeof work === "function") return inOneTransaction(key, work);
    const noted = await console.db.transaction(async (tx) => {
      await assertHeld(tx, claim);
      return find(tx, key);
    });
    if (noted) return noted.result as T;
    const result = (await work.done?.()) ?? (await work.do());
    return inOneTransaction(key, async () => result);
  };
}

/**
 * Locks the attempt's row, which whoever takes the job over must change: not before this transaction ends. Not the
 * job's own, which says each second that the worker lives. @throws AppError CONFLICT
 */
async function assertHeld(tx: Tx, { id, attempt }: Claim): Promise<void> {
  const { jobAttempt } = schema;
  const held = await tx
    .select({ attempt: jobAttempt.attempt })
    .from(jobAttempt)
    .where(and(eq(jobAttempt.jobId, id), eq(jobAttempt.attempt, attempt), isNull(jobAttempt.outcome)))
    .for("no key update");
  if (held.length === 0) throw claimLost();
}
