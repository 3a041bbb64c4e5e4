import { z } from "zod";
import { AppError, toAppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { defineJob, type JobContext } from "../jobs/define-job.ts";
import { nextRuns } from "../jobs/define-schedule.ts";
import { nameRelation } from "../quote-sql.ts";
import { readRule } from "../upkeep-rules/read-rules.ts";
import { isOn, type UpkeepRule } from "../upkeep-rules/rule.ts";
import { endOfWindow } from "../upkeep-rules/work-window.ts";
import { recordJobOutcome } from "../verbs/record-job-outcome.ts";
import { momentInWords } from "../words.ts";
import { createRun, type KeptAhead } from "./keep-ahead.ts";
import { noteRun } from "./note-run.ts";
import { objectOf } from "./rule-object.ts";

const keepAheadInput = z.strictObject({
  target: targetInput,
  /** The rule's id. */
  rule: z.uuid(),
  /** A person asked for it: it need not lie in the window. */
  asked: z.boolean().default(false),
});

/** How long a run that no window ends goes on trying. */
const longestMs = 3_600_000;
const firstDelayMs = 5_000;
const longestDelayMs = 60_000;

/**
 * Makes a table's partitions ahead, by its approved rule, as it stands when the run begins. What is contended is tried
 * again until the window ends (an hour without one), and at most until the next run.
 */
export const keepAheadJob = defineJob({
  name: "partitions.upkeep",
  title: "Make partitions ahead",
  input: keepAheadInput,
  target: true,
  // Tables wait for each other's locks no more than they must: each has its own.
  oneAtATime: false,
  async run(context, input) {
    const rule = await readRule(context.console.db, input.rule);
    if (!rule || rule.target !== input.target || !(input.asked ? rule.state === "approved" : isOn(rule)))
      return { outcome: "withdrawn", words: "The rule was removed, changed or paused before the run began." };
    const until = await context.once("until", async () => endOfWork(rule, input.asked, context.now()));
    const kept = until === null ? missed(rule) : await keep(context, rule, new Date(until));
    await noteRun(context, rule, kept);
    const { outcome, words, made } = kept;
    const facts = { table: nameRelation(rule.table), outcome, made };
    if (outcome === "nothing to do") return { ...facts, words };
    await recordJobOutcome(context, told(rule), async () => {
      if (outcome === "done") return facts;
      throw new AppError(kept.code, words);
    });
    return { ...facts, words };
  },
});

/** Null when the window is over. ISO, since it is kept. */
function endOfWork({ window, timeZone, cron }: UpkeepRule, asked: boolean, now: Date): string | null {
  if (asked) return new Date(now.getTime() + longestMs).toISOString();
  const end = window ? endOfWindow(window, timeZone, now) : new Date(now.getTime() + longestMs);
  const [next] = nextRuns({ cron, timeZone }, now, 1);
  if (!end || !next) return end?.toISOString() ?? null;
  return (next < end ? next : end).toISOString();
}

function missed({ window, timeZone }: UpkeepRule): KeptAhead {
  const words = `Its window, ${window?.from} to ${window?.to} ${timeZone}, was over before the run began: no worker ran in it, or jobs waited.`;
  return { outcome: "missed", words, made: 0, code: "TIMEOUT" };
}

/** What fails for want of the server is tried again as what is contended is, and goes on from what was made. */
async function keep(context: JobContext, rule: UpkeepRule, until: Date): Promise<KeptAhead> {
  const run = createRun(context, rule);
  for (let tries = context.attempt; ; tries++) {
    try {
      return await run.keepAhead(until);
    } catch (thrown) {
      context.signal.throwIfAborted();
      const error = toAppError(thrown);
      const delayMs = Math.min(firstDelayMs * 2 ** (tries - 1), longestDelayMs);
      const again = new Date(Date.now() + delayMs * (1 + Math.random()));
      if (!error.retryable || again > until) return run.failed(wordsOf(error), error.code);
      context.log(`${wordsOf(error)} Tried again at ${momentInWords(again.toISOString())} UTC.`, "warn");
      await context.waitUntil(again);
    }
  }
}

const wordsOf = ({ message, hint }: AppError) => (hint ? `${message} ${hint}` : message);

const told = ({ target, table }: UpkeepRule) => ({
  action: "upkeep.run",
  target,
  object: objectOf(table),
});
