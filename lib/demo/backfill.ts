import { append, maxEventsPerAppend } from "../audit-db/append/append.ts";
import type { Sealing } from "../audit-db/append/append-rows.ts";
import { extendPartitions, intervalsAhead } from "../audit-db/schema/extend-partitions.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { daysOf, historySpan, type PastEvent, pastDay, policyBeginning } from "./history.ts";
import { leaveGap } from "./leave-gap.ts";
import { requireOwnDatabase } from "./own-database.ts";
import { loadProgress, type Progress, saveProgress } from "./progress-file.ts";

export interface BackfillOptions {
  /** With write and maintenance connections. */
  audit: Pick<AuditDb, "use"> & Sealing;
  dataDir: string;
  now: Date;
  /** How long the history is. Default thirteen. */
  months?: number;
  onProgress?: (progress: { day: number; days: number; events: number }) => void;
  signal?: AbortSignal;
}

interface Batch {
  events: PastEvent[];
  /** How many days are whole once this batch is stored. */
  daysDone: number;
}

/** Two batches at once keep the server busy while the next is made. */
const batchesInFlight = 2;

/**
 * Writes thirteen months of made-up events up to the first start, as the writer role and through the engine, like
 * any application. Resumes where it stopped: ids are part of the story, so that a day written twice is stored once.
 * @returns how many events were appended just now; 0 when the history was complete already.
 * @throws AppError FORBIDDEN on a database that is not the demo's own, and what `append` throws.
 */
export async function backfillDemo(options: BackfillOptions): Promise<number> {
  const { audit, dataDir, now, signal } = options;
  const progress = loadProgress(dataDir, await requireOwnDatabase(audit, dataDir), now);
  if (progress.complete) return 0;
  saveProgress(dataDir, progress);
  const span = historySpan(progress.anchor, options.months);
  await audit.use("maintenance", "demo.partitions", async (sql) => {
    await extendPartitions(sql, {
      from: (policy) => policyBeginning(policy, span),
      now,
      ahead: intervalsAhead,
    });
    await leaveGap(sql, span);
  });
  const days = daysOf(span);
  let written = 0;
  const inFlight: Promise<void>[] = [];

  /** Waits for the oldest batch: progress must never pass a day that is not stored. */
  const settleOldest = async () => {
    await inFlight.shift();
  };
  try {
    for (const batch of batches(days, progress, (day) => pastDay(day, span))) {
      if (signal?.aborted) break;
      if (inFlight.length >= batchesInFlight) await settleOldest();
      const before = inFlight.at(-1);
      const work = append(audit, batch.events).then(async () => {
        await before;
        written += batch.events.length;
        progress.daysDone = batch.daysDone;
        saveProgress(dataDir, progress);
        options.onProgress?.({ day: batch.daysDone, days: days.length, events: written });
      });
      work.catch(() => {});
      inFlight.push(work);
    }
    while (inFlight.length > 0) await settleOldest();
  } finally {
    await Promise.allSettled(inFlight);
  }
  if (signal?.aborted) return written;
  // Estimates, index-only scans and the visibility map as in a database that has lived.
  await audit.use("maintenance", "demo.vacuum", (sql) => sql.unsafe("vacuum (analyze) public.audit_log"));
  saveProgress(dataDir, { ...progress, complete: true });
  return written;
}

/** The days that are left, in batches as large as one append takes. */
function* batches(
  days: Date[],
  { daysDone }: Progress,
  eventsOf: (day: Date) => PastEvent[],
): Generator<Batch> {
  let events: PastEvent[] = [];
  let begun = daysDone;
  for (const [index, day] of days.entries()) {
    if (index < daysDone) continue;
    const more = eventsOf(day);
    if (events.length + more.length > maxEventsPerAppend) {
      yield { events, daysDone: begun };
      events = [];
    }
    events.push(...more);
    begun = index + 1;
  }
  if (events.length > 0) yield { events, daysDone: begun };
}
