import { z } from "zod";
import { everything } from "../audit-db/cache/types.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import { targetInput, textInput } from "../inputs.ts";
import { defineJob } from "../jobs/define-job.ts";
import { recordJobOutcome } from "../verbs/record-job-outcome.ts";
import { reachSharedCache } from "./reach-shared-cache.ts";

export const dropInput = z
  .strictObject({
    target: targetInput,
    /** A topic or a statement's name. */
    tag: textInput(100).min(1).optional(),
    key: textInput(100).min(1).optional(),
    all: z.literal(true).optional(),
  })
  .refine(({ tag, key, all }) => [tag, key, all].filter((which) => which !== undefined).length === 1, {
    message: "say which answers: one of tag, key or all",
  });
type Input = z.infer<typeof dropInput>;

export type Dropped = {
  /** The tag or key, or `*`. */
  which: string;
  /** Answers that the worker had of it in memory; null for a key. */
  entriesHere: number | null;
  /** Those in the second level; null without one, and for a key. */
  entriesShared: number | null;
};

/** Makes every process forget answers. What cannot be told to the others is on record as failed. */
export const dropAnswersJob = defineJob({
  name: "answers.drop",
  title: "Drop answers in every process",
  input: dropInput,
  target: true,
  // Each stands for itself: none waits for another, and a late one drops no more than was asked.
  oneAtATime: false,
  keepDays: 7,
  run(context, input): Promise<Dropped> {
    const { audit } = context;
    const told = { action: "cache.drop", target: input.target, object: cacheObject(input) };
    return recordJobOutcome(context, told, async () => {
      await reachSharedCache();
      const dropped: Dropped = { which: whichOf(input), ...(await countHeld(audit, input)) };
      const what = input.key ? { keys: [input.key] } : { tags: [input.tag ?? everything] };
      await audit.dropAnswers(what).catch((thrown: unknown) => {
        throw untold(thrown);
      });
      return dropped;
    });
  },
});

const whichOf = ({ tag, key }: Input) => tag ?? key ?? everything;

export function cacheObject(input: Input) {
  const which = whichOf(input);
  return { type: "cache", id: which, name: which === everything ? "all answers" : which };
}

async function countHeld(audit: AuditDb, input: Input): Promise<Omit<Dropped, "which">> {
  if (input.key !== undefined) return { entriesHere: null, entriesShared: null };
  const which = whichOf(input);
  const count = (statements: readonly { name: string; entries: number }[]) =>
    statements
      .filter(({ name }) => which === everything || name === which || name.startsWith(`${which}.`))
      .reduce((sum, { entries }) => sum + entries, 0);
  const shared = await audit.sharedContents();
  return {
    entriesHere: count(audit.stats().cache.statements),
    entriesShared: shared ? count(shared.statements) : null,
  };
}

/** What Redis said is told as it said it; the console's database has said nothing that helps. */
function untold(thrown: unknown): AppError {
  const told = env().REDIS_URL && thrown instanceof AppError ? thrown : null;
  const through = env().REDIS_URL ? "Redis" : "the console's database";
  const why = told?.message ?? `${through} does not answer.`;
  return new AppError(
    "UNAVAILABLE",
    `The worker has dropped its answers, but the other processes could not be told: ${why}`,
    {
      cause: thrown,
      hint: `${told?.hint ? `${told.hint} ` : ""}Retry the job once ${through} ${told?.hint ? "takes it" : "answers"}. Until then other processes may show answers up to ten minutes old.`,
    },
  );
}
