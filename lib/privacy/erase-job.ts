import { z } from "zod";
import { toAppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { defineJob, type JobContext } from "../jobs/define-job.ts";
import { keyTtlMs as longestTtlMs } from "../key-store/subject-keys.ts";
import { carryOutEffect } from "../verbs/effects/carry-out-effect.ts";
import { readJobActor } from "../verbs/record-job-outcome.ts";
import { destroyMarkedKey, isKeptBack, keyDestroyed, returnToKept } from "./destroy-key.ts";
import { type ErasureContext, erasureContext } from "./erasure-context.ts";
import { isOpen } from "./erasure-state.ts";
import { type ErasureRow, readErasures } from "./erasures.ts";
import { lookAtErasure } from "./look-at-erasure.ts";
import { destructionsOf, readKeyFacts } from "./read-key-facts.ts";

/** Erasures of one run. */
export const erasuresMost = 200;

/** How a run left them. */
export type ErasedCounts = Record<"destroyed" | "kept" | "held", number>;

/** A worker's clock may be ahead of the console database's by the way there and back. */
const slackMs = 100;

/** @param keyTtlMs how long processes may use a key after it was marked; tests make it shorter */
export function createEraseJob(keyTtlMs = longestTtlMs) {
  return defineJob({
    name: "privacy.erase",
    title: "Destroy the keys of a person's events that may go",
    input: z.strictObject({
      target: targetInput,
      erasures: z.array(z.uuid()).min(1).max(erasuresMost),
    }),
    target: true,
    oneAtATime: false,
    retry: { limit: 5, delaySeconds: 60, backoff: true },
    async run(job, { erasures }): Promise<ErasedCounts> {
      const context = erasureContext(job.console, job.now, job.audit);
      const failures: unknown[] = [];
      const each = async (rows: readonly ErasureRow[], work: (row: ErasureRow) => Promise<unknown>) => {
        for (const row of rows) {
          job.signal.throwIfAborted();
          await work(row).catch((thrown) => failures.push(thrown));
        }
      };
      const rows = await readErasures(job.console.db, erasures);
      await each(rows.filter(toBeLookedAt), (row) => lookAtErasure(context, row));
      const marked = await waitForMarked(job, erasures, keyTtlMs);
      await each(marked, (row) => destroy(job, context, row, keyTtlMs));
      job.signal.throwIfAborted();
      const counts = countStates(await readErasures(job.console.db, erasures));
      job.progress(erasures.length, erasures.length, "keys");
      if (failures.length > 0) throw toAppError(failures[0]);
      return counts;
    },
  });
}

export const eraseJob = createEraseJob();

const toBeLookedAt = ({ state }: ErasureRow) => isOpen(state) && state !== "marked";

/**
 * Waits, outside the gate, until no process can use the keys any more that are marked. Answers those, and what an earlier
 * attempt had marked and may have destroyed without telling.
 */
async function waitForMarked(
  { console, restored, checkpoint, waitUntil }: JobContext,
  erasures: readonly string[],
  keyTtlMs: number,
): Promise<ErasureRow[]> {
  const before = (restored as { marked: string[] } | null)?.marked ?? [];
  const open = (await readErasures(console.db, erasures)).filter(({ state }) => state === "marked");
  const marked = [...new Set([...before, ...open.map(({ id }) => id)])];
  if (marked.length === 0) return [];
  await checkpoint({ marked });
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
  const { rows } =
    row.state === "marked" ? await readKeyFacts(context, await keyPlaceOf(job, row)) : { rows: [] };
  const places = destructionsOf(row, rows).map(({ tokens: _, ...place }) => place);
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

async function keyPlaceOf({ console }: JobContext, { token, target, policy }: ErasureRow) {
  const [key] = await console.sql<{ token: string; target: string | null; policy: string | null }[]>`
    select token, target, policy from vault.subject_key where token = ${token}`;
  return key ?? { token, target, policy };
}

function countStates(rows: readonly ErasureRow[]): ErasedCounts {
  const counts: ErasedCounts = { destroyed: 0, kept: 0, held: 0 };
  for (const { state } of rows) if (state in counts) counts[state as keyof ErasedCounts]++;
  return counts;
}
