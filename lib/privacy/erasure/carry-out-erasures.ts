import { isAway } from "../../audit-db/while-up.ts";
import { toAppError } from "../../errors.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import { keyTtlMs as longestTtlMs } from "../../key-store/subject-keys.ts";
import { readJobActor } from "../../verbs/record-job-outcome.ts";
import { destroyMarkedKey, isKeptBack, returnToKept } from "./destroy-key.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { isOpen } from "./erasure-state.ts";
import { type ErasureRow, readErasures } from "./erasures.ts";
import { lookAtErasure } from "./look-at-erasure.ts";
import { type DestroyedBy, tellFailed } from "./tell-destruction.ts";

/** How a run left them. */
export type ErasedCounts = Record<"destroyed" | "kept" | "held", number>;

/** What a job carries erasures out with. */
export interface ErasuresRun {
  /** Ids. */
  erasures: readonly string[];
  /** How long processes may use a key after it was marked; tests make it shorter. */
  keyTtlMs?: number;
}

/** A worker's clock may be ahead of the console database's by the way there and back. */
const slackMs = 100;

/**
 * Looks at each erasure, waits until no process can use the keys any more that it marked, and destroys those: whatever a
 * floor or a hold keeps stays, and is told as such. One that fails does not stop the others. Killed anywhere it is begun
 * again by the rows alone: what is marked is destroyed, what is destroyed is told with it.
 * @throws what the first that failed threw
 */
export async function carryOutErasures(
  job: JobContext,
  context: ErasureContext,
  { erasures, keyTtlMs = longestTtlMs }: ErasuresRun,
): Promise<ErasedCounts> {
  const { db } = job.console;
  const failures: unknown[] = [];
  let done = 0;
  const [read, actor] = await Promise.all([readErasures(db, erasures), readJobActor(db, job.id)]);
  const rows = new Map(read.map((row) => [row.id, row]));
  const each = async (chosen: readonly ErasureRow[], work: (row: ErasureRow) => Promise<ErasureRow>) => {
    for (const row of chosen) {
      job.signal.throwIfAborted();
      await work(row)
        .then((now) => rows.set(row.id, now))
        .catch((thrown) => failures.push(thrown));
    }
  };
  const those = (state: (row: ErasureRow) => boolean) => [...rows.values()].filter(state);
  job.progress(0, erasures.length, "keys");
  await each(those(toBeLookedAt), (row) => lookAtErasure(context, row));
  if (await waitForMarked(job, those(isMarked), keyTtlMs))
    for (const row of await readErasures(db, erasures)) rows.set(row.id, row);
  await each(those(isMarked), async (row) => {
    const now = await destroy(job, context, row, keyTtlMs, { actor, jobId: job.id });
    job.progress(++done, erasures.length, "keys");
    return now;
  });
  job.signal.throwIfAborted();
  job.progress(erasures.length, erasures.length, "keys");
  if (failures.length > 0) throw toAppError(failures[0]);
  return countStates([...rows.values()]);
}

const isMarked = ({ state }: ErasureRow) => state === "marked";
const toBeLookedAt = (row: ErasureRow) => isOpen(row.state) && !isMarked(row);

/** Waits, outside the gate, until no process can use these keys any more. @returns whether it had to */
async function waitForMarked(
  { console, waitUntil }: JobContext,
  marked: readonly ErasureRow[],
  keyTtlMs: number,
): Promise<boolean> {
  if (marked.length === 0) return false;
  const tokens = JSON.stringify(marked.map(({ token }) => token));
  const [{ leftMs } = { leftMs: 0 }] = await console.sql<{ leftMs: number }[]>`
    select coalesce(greatest(0, max(extract(epoch from erasing_at - clock_timestamp())) * 1000 + ${keyTtlMs}), 0)::float8 as "leftMs"
    from vault.subject_key
    where state = 'erasing' and token in (select jsonb_array_elements_text(${tokens}::text::jsonb))`;
  if (leftMs > 0) await waitUntil(new Date(Date.now() + leftMs + slackMs));
  return leftMs > 0;
}

/** What keeps it back after all is on record as its outcome. */
async function destroy(
  job: JobContext,
  context: ErasureContext,
  row: ErasureRow,
  keyTtlMs: number,
  by: DestroyedBy,
): Promise<ErasureRow> {
  try {
    return await destroyMarkedKey(context, row, keyTtlMs, by);
  } catch (thrown) {
    if (!isKeptBack(thrown)) {
      // Nothing was touched, and it may be tried many times before the target answers.
      if (!isAway(thrown)) await tellFailed(context, row, thrown, by);
      throw thrown;
    }
    job.log(thrown.message, "warn");
    return returnToKept(context, row, thrown, by);
  }
}

function countStates(rows: readonly ErasureRow[]): ErasedCounts {
  const counts: ErasedCounts = { destroyed: 0, kept: 0, held: 0 };
  for (const { state } of rows) if (state in counts) counts[state as keyof ErasedCounts]++;
  return counts;
}
