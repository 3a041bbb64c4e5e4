import { consoleDbError, sqlState } from "../../db/errors.ts";
import { type ActivityEntry, recordActivity } from "../../db/record.ts";
import { type AppError, toAppError } from "../../errors.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { type ErasureRow, readErasures } from "./erasures.ts";

/** Whoever destroys, for the activity log. */
export interface DestroyedBy {
  actor: ActivityEntry["actor"];
  jobId: string;
}

/** By the key's token alone. @param entry of the ledger; null where nothing was destroyed */
export function activityOf(
  { token, target, policy }: ErasureRow,
  { actor, jobId }: DestroyedBy,
  entry: number | null,
): ActivityEntry {
  const object = { type: "person_key", id: token };
  const facts = { policy, jobId, ...(entry !== null && { entry }) };
  return { actor, action: "privacy.destroy_key", outcome: "success", target, object, facts };
}

export function failureOf(
  row: ErasureRow,
  by: DestroyedBy,
  { code, message }: Pick<AppError, "code" | "message">,
): ActivityEntry {
  const { facts, ...told } = activityOf(row, by, null);
  return { ...told, outcome: "failed", facts: { ...facts, code }, detail: { message } };
}

/** A try that came to nothing for another reason. Whether it did is looked for first: the connection may end after COMMIT. */
export async function tellFailed(
  { console: { db }, now, auditTargets }: ErasureContext,
  row: ErasureRow,
  thrown: unknown,
  by: DestroyedBy,
): Promise<void> {
  const [found] = await readErasures(db, [row.id]);
  if (found?.state === "destroyed") return;
  const error = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
  await db.transaction((tx) => recordActivity(tx, failureOf(row, by, error), auditTargets, now()));
}
