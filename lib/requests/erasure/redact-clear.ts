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
} from "../../privacy/redaction/redact-batch.ts";
import { type ClearBatch, countFree, readFreeEvents, settleClear } from "./clear-events.ts";
import type { FreePlace } from "./find-free-places.ts";

/** How far the redactions of a request came, by target; a checkpoint keeps it. */
export type ClearRedacted = Record<string, Omit<RedactedSoFar, "entries">>;

/**
 * Takes identifiers out of all events of a scope that are free, a batch at a time through the hold gate, however many there
 * are. Where a hold covers some of a batch, each event is judged by itself: a hold covers records, not accounts. What is done
 * is noted with its batch, so that whoever goes on takes up what is left.
 */
export async function redactClear(
  job: JobContext,
  openTarget: (name: string) => AuditDb,
  scope: string | null,
  places: readonly FreePlace[],
  { before, keep }: { before: ClearRedacted; keep(so: ClearRedacted): Promise<void> },
): Promise<ClearRedacted> {
  const { sql } = job.console;
  const total = await countFree(sql, scope, places);
  let so = before;
  let done = 0;
  for (const place of places) {
    if (place.freeUntil === null) continue;
    for await (const batch of readFreeEvents(sql, scope, place)) {
      job.signal.throwIfAborted();
      job.progress(done, total, "events");
      const tried = await redactOne(on(job, openTarget(batch.target)), batch, so);
      so = tried.so;
      done += batch.events.length;
      // Counted before it is settled: what is tried twice is found redacted already.
      await keep(so);
      for (const one of tried.through) await settleClear(sql, scope, one, job.now());
    }
  }
  if (total > 0) job.progress(total, total, "events");
  return so;
}

/** Removes the dead rows that redactions left. @returns what may hold the values still, in words, by target */
export async function vacuumRedacted(
  job: JobContext,
  openTarget: (name: string) => AuditDb,
  byTarget: ClearRedacted,
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

/** Where a hold covers some of it, halves are tried until each event stands by itself. @returns also what is through */
async function redactOne(
  job: RedactingJob,
  batch: ClearBatch,
  so: ClearRedacted,
): Promise<{ so: ClearRedacted; through: ClearBatch[] }> {
  const { target, fields, events } = batch;
  const redacted = await redactBatch(job, { target, fields, personal: [], events });
  if (!("held" in redacted)) return { so: add(so, target, redacted), through: [batch] };
  if (events.length === 1) return { so, through: [] };
  const middle = Math.ceil(events.length / 2);
  const first = await redactOne(job, { ...batch, events: events.slice(0, middle) }, so);
  const second = await redactOne(job, { ...batch, events: events.slice(middle) }, first.so);
  return { so: second.so, through: [...first.through, ...second.through] };
}

function add(so: ClearRedacted, target: string, batch: RedactedBatch): ClearRedacted {
  const { entries: _, ...sum } = addRedacted(
    { ...nothingRedacted, ...so[target] },
    { ...batch, entries: [] },
  );
  return { ...so, [target]: sum };
}

/** The job with the engine of one target: it works on several, and is of none. */
function on(job: JobContext, audit: AuditDb): RedactingJob {
  const { id, console, signal, logger } = job;
  return { id, console, audit, signal, logger, now: () => job.now(), log: (...said) => job.log(...said) };
}
