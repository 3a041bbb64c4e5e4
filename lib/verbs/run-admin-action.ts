import type { z } from "zod";
import { answerError } from "../answer-error.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import { freshActor } from "../auth/fresh-actor.ts";
import { forgetSessions } from "../auth/remembered-sessions.ts";
import { assertCan, maySeeServerWords } from "../auth/roles.ts";
import type { Tx } from "../db/console-db.ts";
import { consoleDbError, sqlState } from "../db/errors.ts";
import { personToken, recordActivity } from "../db/record.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { AppError, toAppError } from "../errors.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { processLogger } from "../log/process-logger.ts";
import type { ActionResult, AwaitsApproval } from "../result.ts";
import { type AdminAction, keptOf, type VerbContext, type VerbResult } from "./admin-action.ts";
import type { AdminContext } from "./admin-context.ts";
import { type Approval, moveApproval } from "./approvals/move-approval.ts";
import { readRequester, requesterOf } from "./approvals/read-requester.ts";
import { requestApproval } from "./approvals/request-approval.ts";
import { openSealed } from "./approvals/seal-input.ts";
import { assertReauthenticated } from "./assert-reauthenticated.ts";
import { carryOutIntent, type Intended, recordIntent } from "./carry-out-intent.ts";
import { recordRefusal } from "./record-refusal.ts";
import { assertConfigured, assertTargetAllowed, lazyAudit, targetOf } from "./verb-target.ts";

/**
 * Actor → fresh role → target allowed → parse → prepare → confirm → prove → run → record, in one console transaction that holds the
 * change, the activity row and an outbox row for each target that hears of it. What needs a second person is written down
 * as a request instead of run. A verb with an effect outside is recorded as intended there; then that is carried out, and
 * how it came out is recorded by itself, as a refusal is. Never throws.
 */
export async function runAdminAction<Input extends z.ZodType, T, Kept extends z.ZodType = Input>(
  action: AdminAction<Input, T, Kept>,
  context: AdminContext,
  rawInput: unknown,
  confirmation?: string,
): Promise<ActionResult<T>> {
  const now = context.now ?? new Date();
  const logger = context.logger ?? processLogger().child({ module: "verbs" });
  const openTarget = context.openTarget ?? openConfiguredTarget;
  let intended = false;
  try {
    const answer = await context.console.db.transaction(async (tx): Promise<Answer<T>> => {
      const actor = await readActor(tx, action, context, now);
      assertTargetAllowed(action, actor, rawInput);
      const given = parseInput(action, context.approved, rawInput);
      assertConfigured(action, given, context.auditTargets);
      const audit = lazyAudit(targetOf(action, given), openTarget);
      const verb = createVerbContext(context, { tx, actor, now, audit });
      const input = context.approved ? (given as z.infer<Kept>) : await keepInput(action, verb, given);
      if (context.approved) await moveApproval(tx, context.approved, "execute", { executedAt: now }, now);
      else {
        if (!context.program) await assertConfirmed(action, verb, input, confirmation);
        assertReauthenticated(action, actor, now);
        if (action.approval) {
          await action.assertCould?.(verb, input);
          return { awaits: await requestApproval(action, verb, input, action.approval) };
        }
      }
      const result = await action.run(verb, input);
      if ("carryOut" in result)
        return recordIntent(action, verb, input, result, secondPersonOf(context.approved));
      await recordSuccess(action, verb, input, result, context.approved);
      return result;
    });
    forgetSessions();
    // Only a verb that declares an approval comes here, and its T says so.
    if ("awaits" in answer) return { ok: true, data: answer.awaits as T, awaitsApproval: true };
    intended = "carryOut" in answer;
    const { data, jobId } =
      "carryOut" in answer ? await carryOutIntent({ ...context, openTarget, logger }, answer) : answer;
    if (action.afterCommit) return await action.afterCommit(context, data);
    return { ok: true, data, ...(jobId !== undefined && { jobId }) };
  } catch (thrown) {
    const error = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
    const actor = context.approved ? requesterOf(context.approved) : context.actor;
    const serverWords = maySeeServerWords(context.approved ? undefined : context.actor?.role);
    const answer = answerError(error, { action: action.name }, logger, { serverWords });
    // How an effect came out is on record already.
    if (!intended) await recordRefusal(action, { ...context, actor, logger }, rawInput, error, now);
    return { ok: false, error: answer };
  }
}

type Answer<T> = VerbResult<T> | Intended<T> | { awaits: AwaitsApproval };

/**
 * Who acts, with the role that the database has now; of an approved request whoever asked.
 * @throws AppError UNAUTHENTICATED, FORBIDDEN
 */
async function readActor(
  tx: Tx,
  action: AdminAction<z.ZodType, unknown>,
  context: AdminContext,
  now: Date,
): Promise<Actor> {
  if (context.approved) return readRequester(tx, context.approved, action.role, now);
  const actor = await freshActor(tx, context.actor, now);
  assertCan(actor, action.role, { beforePasswordChange: action.beforePasswordChange ?? false });
  if ((action.person || action.approval) && !actor.person)
    throw new AppError("FORBIDDEN", "A person must do this: nobody answers for the command line itself.", {
      hint: "Use `audit-db login`, or a token that a person made.",
    });
  return actor;
}

/** @throws ZodError, AppError CONFLICT when an approved input is no longer the one that would run */
function parseInput(
  action: AdminAction<z.ZodType, unknown>,
  approved: Approval | undefined,
  rawInput: unknown,
): unknown {
  if (!approved) return action.input.parse(rawInput);
  return openSealed(keptOf(action), { json: approved.input, digest: approved.digest });
}

/** What is kept of an input. An approved one is kept already. */
async function keepInput<Input extends z.ZodType, Kept extends z.ZodType>(
  { prepare }: AdminAction<Input, unknown, Kept>,
  verb: VerbContext,
  given: unknown,
): Promise<z.infer<Kept>> {
  // Without a preparation both are one schema, by which it was parsed.
  if (!prepare) return given as z.infer<Kept>;
  return prepare.kept.parse(await prepare.run(verb, given as z.infer<Input>));
}

function createVerbContext(
  context: AdminContext,
  own: { tx: Tx; actor: Actor; now: Date; audit: () => AuditDb },
): VerbContext {
  const { tx, actor, now, audit } = own;
  return {
    tx,
    console: context.console,
    actor,
    get audit() {
      return audit();
    },
    auditTargets: context.auditTargets,
    enqueue: async (job, input, options) => (await enqueueJob({ tx, actor, now }, job, input, options)).id,
    now,
  };
}

/** @throws AppError BAD_INPUT when a person has not typed the phrase */
async function assertConfirmed(
  action: AdminAction<z.ZodType, unknown>,
  verb: VerbContext,
  input: unknown,
  confirmation: string | undefined,
): Promise<void> {
  const phrase = verb.actor.kind === "user" ? await action.confirm?.(verb, input) : undefined;
  if (phrase === undefined || confirmation === phrase) return;
  const message = `Type “${phrase}” to confirm.`;
  throw new AppError("BAD_INPUT", message, { fields: { confirmation: message } });
}

async function recordSuccess<T>(
  action: AdminAction<z.ZodType, T>,
  { tx, actor, auditTargets, now }: VerbContext,
  input: unknown,
  { data: _data, jobId, facts, detail, ...told }: VerbResult<T>,
  approved: Approval | undefined,
): Promise<void> {
  await recordActivity(
    tx,
    {
      actor,
      action: action.name,
      outcome: "success",
      target: targetOf(action, input),
      facts: { ...facts, ...(jobId !== undefined && { jobId }), ...secondPersonOf(approved) },
      detail: { ...detail, ...(approved && { approvedBy: approved.decidedByName }) },
      ...told,
    },
    auditTargets,
    now,
  );
}

function secondPersonOf(approved: Approval | undefined) {
  if (!approved) return {};
  const { id, decidedBy } = approved;
  return { approvalId: id, ...(decidedBy && { approvedByToken: personToken(decidedBy) }) };
}
