import type { z } from "zod";
import { answerError } from "../answer-error.ts";
import type { Actor } from "../auth/actor.ts";
import { freshActor } from "../auth/fresh-actor.ts";
import { forgetSessions } from "../auth/remembered-sessions.ts";
import { assertCan } from "../auth/roles.ts";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { consoleDbError, sqlState } from "../db/errors.ts";
import { type ActivityEntry, recordActivity } from "../db/record.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { AppError, toAppError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { processLogger } from "../log/process-logger.ts";
import type { ActionResult } from "../result.ts";

/** What a verb is given: the one transaction everything it changes belongs to. */
export interface VerbContext {
  tx: Tx;
  console: ConsoleDb;
  /** With the role the database has now. */
  actor: Actor;
  auditTargets: readonly string[];
  now: Date;
}

/** What a verb answers, and how the activity log tells it. */
export interface VerbResult<T> extends Pick<ActivityEntry, "object" | "target" | "facts" | "detail"> {
  data: T;
}

/** Something only some may do, which leaves a trace. */
export interface AdminAction<Input extends z.ZodType, T> {
  /** `object.verb`, as the activity log has it. */
  name: string;
  role: Role;
  input: Input;
  /** `false`: not for pages, only for whoever is at the server's command line. */
  browser?: false;
  /** Whether it may be done while a one-time password waits to be changed. */
  beforePasswordChange?: boolean;
  /** What it is about, for the record of a refusal. */
  object?(input: z.infer<Input>): ActivityEntry["object"];
  /** The phrase a person must type first. Programs (tokens, the command line) say what they mean by calling it. */
  confirm?(context: VerbContext, input: z.infer<Input>): string | Promise<string>;
  run(context: VerbContext, input: z.infer<Input>): Promise<VerbResult<T>>;
}

/** Declares an admin action. Topics export theirs from `verbs.ts`; `lib/admin.ts` names them all. */
export function defineAdminAction<Input extends z.ZodType, T, Browser extends false | undefined = undefined>(
  action: AdminAction<Input, T> & { browser?: Browser },
): AdminAction<Input, T> & { browser?: Browser } {
  return action;
}

export interface AdminContext {
  console: ConsoleDb;
  /** Null when nobody is signed in. */
  actor: Actor | null;
  /** Names of the configured targets, for the audit events. */
  auditTargets: readonly string[];
  /** Takes what is unexpected; the process's own log unless given. */
  logger?: Pick<Logger, "error">;
  now?: Date;
}

/**
 * Actor → fresh role → parse → confirm → one console transaction that holds the change, the activity row and
 * an outbox row for each target. A refusal is recorded by itself. Never throws.
 */
export async function runAdminAction<Input extends z.ZodType, T>(
  action: AdminAction<Input, T>,
  context: AdminContext,
  rawInput: unknown,
  confirmation?: string,
): Promise<ActionResult<T>> {
  const now = context.now ?? new Date();
  try {
    const data = await context.console.db.transaction(async (tx) => {
      const actor = await freshActor(tx, context.actor, now);
      assertCan(actor, action.role, { beforePasswordChange: action.beforePasswordChange ?? false });
      if (actor.targets) {
        throw new AppError(
          "FORBIDDEN",
          "This token is limited to some targets; this concerns the whole console.",
        );
      }
      const input = action.input.parse(rawInput);
      const verb: VerbContext = {
        tx,
        console: context.console,
        actor,
        auditTargets: context.auditTargets,
        now,
      };
      const phrase = actor.kind === "user" ? await action.confirm?.(verb, input) : undefined;
      if (phrase !== undefined && confirmation !== phrase) {
        throw new AppError("BAD_INPUT", `Type “${phrase}” to confirm.`, {
          fields: { confirmation: `Type “${phrase}” to confirm.` },
        });
      }
      const { data, ...told } = await action.run(verb, input);
      await recordActivity(
        tx,
        { actor, action: action.name, outcome: "success", ...told },
        context.auditTargets,
        now,
      );
      return data;
    });
    forgetSessions();
    return { ok: true, data };
  } catch (thrown) {
    const error = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
    const answer = answerError(error, { action: action.name }, loggerOf(context));
    await recordRefusal(action, context, rawInput, error, now);
    return { ok: false, error: answer };
  }
}

/** Mistyped input is not worth a record; being turned away or failing is. Strangers leave none here. */
async function recordRefusal<Input extends z.ZodType, T>(
  action: AdminAction<Input, T>,
  context: AdminContext,
  rawInput: unknown,
  error: AppError,
  now: Date,
): Promise<void> {
  const { actor } = context;
  if (!actor || error.code === "BAD_INPUT" || error.code === "UNAVAILABLE") return;
  const refused = error.code === "INTERNAL" || error.code === "TIMEOUT" ? "failed" : "refused";
  try {
    // Whoever is refused for their role is refused before their input is read: it may be no input at all.
    const { data: input } = action.input.safeParse(rawInput);
    const object = input === undefined ? undefined : action.object?.(input);
    await context.console.db.transaction((tx) =>
      recordActivity(
        tx,
        {
          actor,
          action: action.name,
          outcome: refused,
          ...(object && { object }),
          facts: { code: error.code },
          detail: { message: error.message },
        },
        context.auditTargets,
        now,
      ),
    );
  } catch (thrown) {
    loggerOf(context).error({ err: thrown, action: action.name }, "a refusal could not be recorded");
  }
}

function loggerOf(context: AdminContext): Pick<Logger, "error"> {
  return context.logger ?? processLogger().child({ module: "verbs" });
}
