import { eq } from "drizzle-orm";
import { schema } from "../db/schema.ts";
import type { JobContext } from "../jobs/define-job.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import type { KeptAhead } from "./keep-ahead.ts";

const { partitionUpkeep } = schema;

/** Writes to the rule how a run came out, once: it is kept for longer than the job. */
export async function noteRun(
  context: Pick<JobContext, "once" | "now" | "id">,
  { id }: UpkeepRule,
  { outcome, words, made }: KeptAhead,
): Promise<void> {
  const at = context.now();
  const well = outcome === "done" || outcome === "nothing to do";
  await context.once("run noted", async (tx) => {
    await tx
      .update(partitionUpkeep)
      .set({
        lastRunAt: at,
        lastJobId: context.id,
        lastOutcome: outcome,
        lastWords: words,
        lastMade: made,
        ...(well && { succeededAt: at }),
      })
      .where(eq(partitionUpkeep.id, id));
  });
}
