import { z } from "zod";
import { everything } from "../audit-db/cache/types.ts";
import { findTarget } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type ActivityEntry, recordActivity } from "../db/record.ts";
import { openEngine } from "../engines/open-engine.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import { targetInput, textInput } from "../inputs.ts";
import { defineAdminAction, type VerbContext } from "../verbs/admin-action.ts";
import { reachSharedCache } from "./reach-shared-cache.ts";

const dropInput = z
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

export interface Dropped {
  /** The tag or key, or `*`. */
  which: string;
  /** Answers that this process had of it in memory; null for a key. */
  entriesHere: number | null;
  /** Those in the second level; null without one, and for a key. */
  entriesShared: number | null;
}

/**
 * Forgets answers in every process, so that the next reader gets new ones. What cannot be told to the others is
 * forgotten here all the same, and is on record as failed.
 */
export const dropAnswers = defineAdminAction({
  name: "cache.drop",
  role: "operator",
  input: dropInput,
  object: (input) => objectOf(input),
  async run(context, input) {
    const { target, tag, key } = input;
    const audit = openEngine(findTarget(env().targets, target));
    await reachSharedCache();
    const dropped: Dropped = { which: whichOf(input), ...(await countHeld(audit, input)) };
    const entry = { target, object: objectOf(input), facts: { ...dropped } };
    try {
      await audit.dropAnswers(key ? { keys: [key] } : { tags: [tag ?? everything] });
    } catch (thrown) {
      await recordUntold(context, entry);
      throw untold(thrown);
    }
    return { data: dropped, ...entry };
  },
});

const whichOf = ({ tag, key }: Input) => tag ?? key ?? everything;

function objectOf(input: Input) {
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

/** What was done must stay on record although the answer is an error, which undoes the action's own transaction. */
async function recordUntold(
  { console, actor, auditTargets, now }: VerbContext,
  entry: Pick<ActivityEntry, "target" | "object" | "facts">,
): Promise<void> {
  await console.db.transaction((tx) =>
    recordActivity(
      tx,
      {
        ...entry,
        actor,
        action: "cache.drop",
        outcome: "failed",
        facts: { ...entry.facts, told: "this process only" },
      },
      auditTargets,
      now,
    ),
  );
}

function untold(thrown: unknown): AppError {
  const through = env().REDIS_URL ? "Redis" : "the console's database";
  return new AppError(
    "UNAVAILABLE",
    `This process has dropped the answers, but the others could not be told: ${through} does not answer.`,
    {
      cause: thrown,
      hint: `Drop them again once ${through} answers. Until then other processes may show answers up to ten minutes old.`,
    },
  );
}
