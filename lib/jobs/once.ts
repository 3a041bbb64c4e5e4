import { and, eq } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Claim } from "./claim.ts";
import type { JobContext } from "./define-job.ts";

/** `once` of a claim. Its notes are the job's: what an earlier attempt has done is done. */
export function createOnce(claim: Claim, write: JobContext["write"]): JobContext["once"] {
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
    return write(async (tx) => {
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
    const noted = await write((tx) => find(tx, key));
    if (noted) return noted.result as T;
    const result = (await work.done?.()) ?? (await work.do());
    return inOneTransaction(key, async () => result);
  };
}
