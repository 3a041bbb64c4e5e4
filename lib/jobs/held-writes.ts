import { and, eq, isNull } from "drizzle-orm";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Claim } from "./claim.ts";
import type { JobContext } from "./define-job.ts";

/** `write` of a claim. @param lost called when it is another's; answers what is thrown */
export function createWrite(console: ConsoleDb, claim: Claim, lost: () => Error): JobContext["write"] {
  return (work) =>
    console.db.transaction(async (tx) => {
      if (!(await isHeld(tx, claim))) throw lost();
      return work(tx);
    });
}

/**
 * Locks the attempt's row, which whoever takes the job over must change: not before this transaction ends. Not the
 * job's own, which says each second that the worker lives.
 */
async function isHeld(tx: Tx, { id, attempt }: Claim): Promise<boolean> {
  const { jobAttempt } = schema;
  const held = await tx
    .select({ attempt: jobAttempt.attempt })
    .from(jobAttempt)
    .where(and(eq(jobAttempt.jobId, id), eq(jobAttempt.attempt, attempt), isNull(jobAttempt.outcome)))
    .for("no key update");
  return held.length > 0;
}
