import { toAppError } from "../errors.ts";
import type { JobContext } from "../jobs/define-job.ts";
import { findKey } from "../key-store/find-key.ts";
import { keyTtlMs as longestTtlMs } from "../key-store/subject-keys.ts";
import { carryOutEffect } from "../verbs/effects/carry-out-effect.ts";
import { readJobActor } from "../verbs/record-job-outcome.ts";
import { destroyMarkedKey, isKeptBack, keyDestroyed, returnToKept } from "./destroy-key.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { isOpen } from "./erasure-state.ts";
import { type ErasureRow, readErasures } from "./erasures.ts";
import { lookAtErasure } from "./look-at-erasure.ts";
import { destructionsOf, isShared, type KeyFacts, readKeyFacts } from "./read-key-facts.ts";

/** How a run left them. */
export type ErasedCounts = Record<"destroyed" | "kept" | "held", number>;

/** What a job carries erasures out with. */
export interface ErasuresRun {
  /** Ids. */
  erasures: readonly string[];
  /** What an earlier attempt had marked. */
  marked: readonly string[];
  /** Keeps what is marked, before it is waited for. */
  keep(marked: readonly string[]): Promise<void>;
  /** How long processes may use a key after it was marked; tests make it shorter. */
  keyTtlMs?: number;
}

/** A worker's clock may be ahead of the console database's by the way there and back. */
const slackMs = 100;

/**
 * Looks at each erasure, waits until no process can use the keys any more that it marked, and destroys those: whatever a
 * floor or a hold keeps stays, and is told as such. One that fails does not stop the others.
 * @throws what the first that failed threw
 */
export async function carryOutErasures(
  job: JobContext,
  context: ErasureContext,
  { erasures, marked: before, keep, keyTtlMs = longestTtlMs }: ErasuresRun,
): Promise<ErasedCounts> {
  const failures: unknown[] = [];
  let done = 0;
  const each = async (rows: readonly ErasureRow[], work: (row: ErasureRow) => Promise<unknown>) => {
    for (const row of rows) {
      job.signal.throwIfAborted();
      await work(row).catch((thrown) => failures.push(thrown));
    }
  };
  const rows = await readErasures(job.console.db, erasures);
  job.progress(0, erasures.length, "keys");
  await each(rows.filter(toBeLookedAt), (row) => lookAtErasure(context, row));
  const marked = await waitForMarked(job, { erasures, before, keep, keyTtlMs });
  await each(marked, async (row) => {
    await destroy(job, context, row, keyTtlMs);
    job.progress(++done, erasures.length, "keys");
  });
  job.signal.throwIfAborted();
  const counts = countStates(await readErasures(job.console.db, erasures));
  job.progress(erasures.length, erasures.length, "keys");
  if (failures.length > 0) throw toAppError(failures[0]);
  return counts;
}

const toBeLookedAt = ({ state }: ErasureRow) => isOpen(state) && state !== "marked";

/**
 * Waits, outside the gate, until no process can use the keys any more that are marked. Answers those, and what an earlier
 * attempt had marked and may have destroyed without telling.
 */
async function waitForMarked(
  { console, waitUntil }: JobContext,
  run: Required<Omit<ErasuresRun, "marked">> & { before: readonly string[] },
): Promise<ErasureRow[]> {
  const { erasures, before, keep, keyTtlMs } = run;
  const open = (await readErasures(console.db, erasures)).filter(({ state }) => state === "marked");
  const marked = [...new Set([...before, ...open.map(({ id }) => id)])];
  if (marked.length === 0) return [];
  await keep(marked);
  const tokens = JSON.stringify(open.map(({ token }) => token));
  const [{ leftMs } = { leftMs: 0 }] = await console.sql<{ leftMs: number }[]>`
    select coalesce(greatest(0, max(extract(epoch from erasing_at - clock_timestamp())) * 1000 + ${keyTtlMs}), 0)::float8 as "leftMs"
    from vault.subject_key
    where state = 'erasing' and token in (select jsonb_array_elements_text(${tokens}::text::jsonb))`;
  if (leftMs > 0) await waitUntil(new Date(Date.now() + leftMs + slackMs));
  return readErasures(console.db, marked);
}

/** Intended and committed first, then done; what keeps it back after all is on record as its outcome. */
async function destroy(
  job: JobContext,
  context: ErasureContext,
  row: ErasureRow,
  keyTtlMs: number,
): Promise<void> {
  const { id, token, target, policy } = row;
  const places = destructionsOf(row, await sharedRows(context, row)).map(({ tokens: _, ...place }) => place);
  const object = { type: "person_key", id: token };
  try {
    await carryOutEffect(
      {
        console: job.console,
        auditTargets: context.auditTargets,
        openTarget: context.openTarget,
        logger: job.logger,
      },
      {
        effect: keyDestroyed,
        input: { erasure: id, token, places },
        actor: await readJobActor(job.console.db, job.id),
        target,
        object,
        facts: { policy },
        jobId: job.id,
      },
      async () => {
        const entry = await destroyMarkedKey(context, row, keyTtlMs);
        return { object, facts: { ...(entry !== null && { entry }) } };
      },
    );
  } catch (thrown) {
    if (!isKeptBack(thrown)) throw thrown;
    await returnToKept(context, row, thrown.step);
    job.log(thrown.message, "warn");
  }
}

/** Other places of a key that holds several: what else becomes unreadable with it. */
async function sharedRows(context: ErasureContext, { state, token }: ErasureRow): Promise<KeyFacts["rows"]> {
  const key = state === "marked" ? await findKey(context.console.sql, token) : null;
  return key && isShared(key) ? (await readKeyFacts(context, key)).rows : [];
}

function countStates(rows: readonly ErasureRow[]): ErasedCounts {
  const counts: ErasedCounts = { destroyed: 0, kept: 0, held: 0 };
  for (const { state } of rows) if (state in counts) counts[state as keyof ErasedCounts]++;
  return counts;
}
