import { vacuumTouched } from "../../audit-db/redaction/vacuum-touched.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import {
  addRedacted,
  nothingRedacted,
  type RedactedBatch,
  type RedactedSoFar,
  type RedactingJob,
  redactBatch,
  residueOf,
} from "../../privacy/redact-batch.ts";
import type { ClearBatch } from "./plan-redactions.ts";

/** How far the redactions of a request came; a checkpoint keeps it. */
export interface ClearRedacted {
  /** Batches that are through. */
  done: number;
  byTarget: Record<string, Omit<RedactedSoFar, "entries">>;
  /** Events that a hold keeps as they are, by target and policy. */
  heldByPlace: Record<string, number>;
}

export const noneRedacted: ClearRedacted = { done: 0, byTarget: {}, heldByPlace: {} };

/**
 * Takes identifiers out of events, a batch at a time through the hold gate. Where a hold covers some of a batch, each event
 * is judged by itself: a hold covers records, not accounts.
 */
export async function redactClear(
  job: JobContext,
  openTarget: (name: string) => AuditDb,
  batches: readonly ClearBatch[],
  { before, keep }: { before: ClearRedacted; keep(so: ClearRedacted): Promise<void> },
): Promise<ClearRedacted> {
  const total = batches.reduce((sum, { events }) => sum + events.length, 0);
  let so = before;
  let done = batches.slice(0, so.done).reduce((sum, { events }) => sum + events.length, 0);
  for (const batch of batches.slice(so.done)) {
    job.signal.throwIfAborted();
    job.progress(done, total, "events");
    so = { ...(await redactOne(on(job, openTarget(batch.target)), batch, so)), done: so.done + 1 };
    done += batch.events.length;
    await keep(so);
  }
  if (total > 0) job.progress(total, total, "events");
  return so;
}

/** Removes the dead rows that redactions left. @returns what may hold the values still, in words, by target */
export async function vacuumRedacted(
  job: JobContext,
  openTarget: (name: string) => AuditDb,
  { byTarget }: ClearRedacted,
): Promise<Record<string, string[]>> {
  const residue: Record<string, string[]> = {};
  for (const [target, { partitions, rows }] of Object.entries(byTarget)) {
    if (rows.redacted === 0) continue;
    const audit = openTarget(target);
    if (audit.can("maintenance")) await vacuumTouched(audit, partitions);
    residue[target] = await residueOf(on(job, audit), partitions);
  }
  return residue;
}

async function redactOne(job: RedactingJob, batch: ClearBatch, so: ClearRedacted): Promise<ClearRedacted> {
  const { target, policy, fields, events } = batch;
  const redacted = await redactBatch(job, { target, fields, personal: [], events });
  if (!("held" in redacted)) return add(so, target, redacted);
  if (events.length === 1) {
    const place = `${target} ${policy}`;
    return { ...so, heldByPlace: { ...so.heldByPlace, [place]: (so.heldByPlace[place] ?? 0) + 1 } };
  }
  let after = so;
  for (const event of events) after = await redactOne(job, { ...batch, events: [event] }, after);
  return after;
}

function add(so: ClearRedacted, target: string, batch: RedactedBatch): ClearRedacted {
  const { entries: _, ...sum } = addRedacted(
    { ...nothingRedacted, ...so.byTarget[target] },
    { ...batch, entries: [] },
  );
  return { ...so, byTarget: { ...so.byTarget, [target]: sum } };
}

/** The job with the engine of one target: it works on several, and is of none. */
function on(job: JobContext, audit: AuditDb): RedactingJob {
  const { id, console, signal, logger } = job;
  return { id, console, audit, signal, logger, now: () => job.now(), log: (...said) => job.log(...said) };
}
