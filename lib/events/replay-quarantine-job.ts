import { z } from "zod";
import {
  listSettled,
  listWaiting,
  measureQuarantine,
  type QuarantinePlace,
} from "../audit-db/append/quarantine-batches.ts";
import { maxReplayed, type Replayed, replayQuarantine } from "../audit-db/append/replay-quarantine.ts";
import { targetInput } from "../inputs.ts";
import { defineJob, type JobContext } from "../jobs/define-job.ts";
import { recordJobOutcome } from "../verbs/record-job-outcome.ts";

export const replayInput = z.strictObject({
  target: targetInput,
  /** These; all that wait when left out. */
  ids: z.array(z.uuid()).min(1).max(maxReplayed).optional(),
});

/** Events by what became of them. */
export type ReplayCounts = Record<Replayed["outcome"], number>;

/** Where it goes on after a crash. `batch` is being moved, or was and is not counted yet. */
interface Place {
  until: string;
  total: number;
  counts: ReplayCounts;
  after: QuarantinePlace | null;
  batch: string[];
}

const batchSize = 500;

/** Moves events out of quarantine whose cause is gone, 500 at a time. */
export const replayQuarantineJob = defineJob({
  name: "events.replay_quarantine",
  title: "Move events out of quarantine",
  input: replayInput,
  target: true,
  retry: { limit: 3, delaySeconds: 30, backoff: true },
  async run(context, { target, ids }): Promise<ReplayCounts> {
    const object = { type: "quarantine", id: target, name: target };
    return recordJobOutcome(context, { action: "quarantine.replay", target, object }, async () =>
      replayAll(context, ids),
    );
  },
});

async function replayAll(context: JobContext, ids: readonly string[] | undefined): Promise<ReplayCounts> {
  const { audit, progress, checkpoint } = context;
  let place = (context.restored as Place | null) ?? (await begin(context, ids));
  // An attempt that died may have moved its batch and not counted it: what is settled of it was its work.
  if (place.batch.length > 0 && context.restored) {
    const settled = await listSettled(audit, place.batch);
    const done = new Set(settled.map(({ id }) => id));
    place = {
      ...place,
      counts: add(place.counts, settled),
      batch: place.batch.filter((id) => !done.has(id)),
    };
    await checkpoint(place);
  }
  for (;;) {
    if (place.batch.length > 0) {
      const replayed = await replayQuarantine(audit, place.batch);
      place = { ...place, counts: add(place.counts, replayed), batch: [] };
    }
    progress(sumOf(place.counts), Math.max(place.total, sumOf(place.counts)), "events");
    const next = ids ? [] : await listWaiting(audit, { ...place, limit: batchSize });
    place = { ...place, batch: next.map(({ id }) => id), after: next.at(-1) ?? place.after };
    await checkpoint(place);
    if (next.length === 0) return place.counts;
  }
}

async function begin({ audit, checkpoint }: JobContext, ids: readonly string[] | undefined): Promise<Place> {
  const counts: ReplayCounts = { stored: 0, duplicate: 0, conflict: 0, waiting: 0 };
  const { until, waiting } = await measureQuarantine(audit);
  const place = { until, total: ids?.length ?? waiting, counts, after: null, batch: [...(ids ?? [])] };
  await checkpoint(place);
  return place;
}

function add(counts: ReplayCounts, replayed: readonly Pick<Replayed, "outcome">[]): ReplayCounts {
  const sum = { ...counts };
  for (const { outcome } of replayed) sum[outcome]++;
  return sum;
}

const sumOf = (counts: ReplayCounts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
