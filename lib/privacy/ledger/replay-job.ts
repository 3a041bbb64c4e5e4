import { z } from "zod";
import { targetInput } from "../../inputs.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { keyTtlMs as longestTtlMs } from "../../key-store/subject-keys.ts";
import { type Compared, compareLedger } from "../../ledger/compare.ts";
import { compareAndMark } from "../../ledger/look.ts";
import { adoptEntry } from "../../ledger/replay/adopt-entry.ts";
import { destroyAgain, markAgain } from "../../ledger/replay/destroy-again.ts";
import { redactAgain } from "../../ledger/replay/redact-again.ts";
import { sendAgain } from "../../ledger/replay/send-again.ts";
import { recordJobOutcome } from "../../verbs/record-job-outcome.ts";

/** How much a replay did. */
export interface Replayed {
  /** Entries that the ledger has again. */
  entries: number;
  /** Keys that are destroyed again. */
  keys: number;
  /** Redactions that stand again. */
  redactions: number;
  /** Numbers of redactions whose row is another than it was. */
  differing: number[];
  /** Receipts that the outbox delivers again. */
  receipts: number;
  /** What says to be a receipt and nobody known here signed: nothing was done for it. */
  untrusted: number;
}

/**
 * Makes up for a console or a target that was restored from an older dump: entries that only the log's receipts know are
 * written and done again, keys destroyed again, values taken out again, receipts delivered again. Each part looks first
 * what is there, so that a run that was killed, or a second one, comes to the same end.
 * @param keyTtlMs how long processes may use a key after it was marked; tests make it shorter
 */
export function createReplayJob(keyTtlMs = longestTtlMs) {
  return defineJob({
    name: "privacy.replay",
    title: "Replay the privacy ledger on a restored database",
    input: z.strictObject({ target: targetInput }),
    target: true,
    retry: { limit: 5, delaySeconds: 15, backoff: true, notFor: ["UNSUPPORTED", "FORBIDDEN"] },
    async run(context, { target }): Promise<Replayed> {
      let done: Replayed | undefined;
      await recordJobOutcome(context, { action: "privacy.replay", target }, async () => {
        done = await replay(context, target, keyTtlMs);
        return { ...done, differing: done.differing.length };
      });
      if (!done) throw new Error("the replay answered nothing");
      return done;
    },
  });
}

export const replayJob = createReplayJob();

async function replay(context: JobContext, target: string, keyTtlMs: number): Promise<Replayed> {
  const { console, audit, signal, progress, log } = context;
  const compared = await compare(context, target);
  const { unknown, undone, missing, untrusted } = compared;
  for (const [at, receipt] of unknown.entries()) {
    signal.throwIfAborted();
    await adoptEntry(console.sql, receipt);
    progress(at + 1, unknown.length, "entries");
  }
  const ripe = await markAgain(console.sql, target, keyTtlMs);
  if (ripe) await context.waitUntil(ripe);
  const keys = await destroyAgain(console.sql, target, keyTtlMs);
  // What the ledger did not know before may have been undone as well: it is looked for once more.
  const left = unknown.length > 0 ? (await compare(context, target)).undone : undone;
  const redacted = await redactAgain(audit, left, signal, (n) => progress(n, left.length, "redactions"));
  for (const entry of redacted.differing)
    log(`Entry ${entry}: the event is not the one that was redacted, or could not be.`, "warn");
  await sendAgain(console.db, missing);
  for (const { id, why } of untrusted) log(`${id} is no receipt of this console: ${why}.`, "warn");
  await audit.use(
    "read",
    "ledger.mark",
    (sql) => compareAndMark({ console: console.sql, target, log: sql, signal }),
    { signal, timeoutMs: longestMs },
  );
  await audit.dropAnswers({ tags: ["*"] });
  return {
    entries: unknown.length,
    keys,
    redactions: redacted.done.length,
    differing: redacted.differing,
    receipts: missing.length,
    untrusted: untrusted.length,
  };
}

const longestMs = 3_600_000;

function compare({ console, audit, signal, progress }: JobContext, target: string): Promise<Compared> {
  return audit.use(
    "read",
    "ledger.compare",
    (sql) =>
      compareLedger({
        console: console.sql,
        target,
        log: sql,
        signal,
        progress: (done) => progress(done, null, "entries and receipts"),
      }),
    { signal, timeoutMs: longestMs },
  );
}
