import { and, eq, ne } from "drizzle-orm";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import type { ErasureRow } from "../../privacy/erasure/erasures.ts";
import { readJobActor } from "../../verbs/record-job-outcome.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { lockRequest, type RequestRow, updateRequest } from "../read-request.ts";
import type { RequestJob } from "../request-job.ts";
import { afterWaiting } from "../wait-for-away.ts";
import type { ClearLeft } from "./clear-events.ts";
import { readLinkedErasures } from "./linked-erasures.ts";
import type { ClearRedacted } from "./redact-clear.ts";
import { clearRemainder, type Remainder, remainderOf } from "./remainder.ts";

/** How a run left the request. */
export interface CarriedOut {
  state: RequestRow["state"];
  /** Keys. */
  destroyed: number;
  remains: Remainder[];
  /** Rows whose values were taken out. */
  redacted: number;
}

export interface ExecutionDone {
  /** Id. */
  request: string;
  left: ClearLeft;
  redacted: ClearRedacted;
  /** What may hold redacted values still, by target, in words. */
  residue: Record<string, string[]>;
  scan: RequestJob;
}

const hourMs = 3_600_000;

/** Notes how the execution came out, and moves the request on: to its verification, or to wait where holds keep all of it. */
export async function settleExecution(
  tx: Tx,
  job: JobContext,
  { request, left, redacted: byTarget, residue, scan }: ExecutionDone,
): Promise<CarriedOut> {
  const now = job.now();
  const row = await lockRequest(tx, request);
  const erasures = await readLinkedErasures(tx, request);
  await giveBack(tx, job.id);
  const remains = [...(await remainderOf(tx, erasures)), ...clearRemainder(left)];
  const redacted = await tellRedacted(tx, row, { byTarget, residue, remains }, now);
  const destroyed = erasures.filter(({ state }) => state === "destroyed").length;
  const set = { clearDueAt: clearDueAt(left, now) };
  // A line of its own moment: timelines are read in their order.
  const moved = new Date(now.getTime() + 1);
  const done = (state: RequestRow["state"]): CarriedOut => ({ state, destroyed, remains, redacted });
  if (row.state !== "executing") {
    const problem = afterWaiting(row.problem);
    return done((await updateRequest(tx, row, { ...set, problem })).state);
  }
  const facts = { destroyed, redacted, remains };
  if (isBlocked(erasures)) {
    const problem = tellBlocked(remains);
    const told = { actor: null, now: moved, facts, set: { ...set, problem } };
    return done((await moveRequest(tx, row, "hold", told)).state);
  }
  const actor = await readJobActor(tx, job.id);
  const { id: jobId } = await enqueueJob({ tx, actor, now }, scan, { request });
  const told = { actor: null, now: moved, facts, set: { ...set, jobId, problem: null } };
  return done((await moveRequest(tx, row, "finish_execution", told)).state);
}

/** Whatever becomes free later is begun by the clock, not by this job. */
async function giveBack(tx: Tx, jobId: string): Promise<void> {
  const { erasure } = schema;
  await tx
    .update(erasure)
    .set({ jobId: null })
    .where(and(eq(erasure.jobId, jobId), ne(erasure.state, "destroyed")));
}

const isBlocked = (erasures: readonly ErasureRow[]) =>
  erasures.length > 0 && erasures.every(({ state }) => state === "held");

function tellBlocked(remains: readonly Remainder[]): string {
  const holds = [...new Set(remains.flatMap((one) => one.holds))].sort((a, b) => a - b);
  if (holds.length > 0) return `Held by legal hold ${holds.map((number) => `#${number}`).join(", ")}.`;
  return remains.some(({ ground }) => ground === "restriction")
    ? "Held by a restriction of the person."
    : "Events wait in quarantine.";
}

function clearDueAt({ nextAt, kept, held }: ClearLeft, now: Date): Date | null {
  const soon = new Date(now.getTime() + hourMs);
  const waits = held.length > 0 || kept.some(({ until }) => until === null);
  if (!waits) return nextAt;
  return nextAt !== null && nextAt < soon ? nextAt : soon;
}

/** A line for each target. One that is written later tells what is left since, as the move to verification did at first. */
async function tellRedacted(
  tx: Tx,
  row: RequestRow,
  {
    byTarget,
    residue,
    remains,
  }: Pick<ExecutionDone, "residue"> & {
    byTarget: ClearRedacted;
    remains: Remainder[];
  },
  now: Date,
): Promise<number> {
  let all = 0;
  for (const [target, { rows, missing }] of Object.entries(byTarget)) {
    all += rows.redacted;
    const later = row.state !== "executing";
    if (rows.redacted === 0 && later) continue;
    const facts = { step: "redacted", target, ...rows, missing, residue: residue[target] ?? [] };
    await writeRequestEvent(tx, row, {
      kind: "redaction",
      actor: null,
      now,
      facts: later ? { ...facts, remains } : facts,
    });
  }
  return all;
}
