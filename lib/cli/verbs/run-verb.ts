import { userInfo } from "node:os";
import type { z } from "zod";
import { type AdminActionName, type AdminInput, type AdminOutput, findAction } from "../../admin.ts";
import { type Actor, systemActor } from "../../auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { assertSchemaKnown } from "../../db/schema-version.ts";
import { AppError } from "../../errors.ts";
import type { ActionResult } from "../../result.ts";
import type { AdminAction } from "../../verbs/admin-action.ts";
import { runAdminAction } from "../../verbs/run-admin-action.ts";
import type { CliContext } from "../command.ts";
import { readPerson } from "../people/read-person.ts";

/** Does an admin action for whoever is at the terminal. @throws AppError what the action answered */
export async function runVerb<N extends AdminActionName>(
  context: CliContext,
  name: N,
  input: AdminInput<N>,
): Promise<AdminOutput<N>> {
  const { data } = await runAction(context, findAction("cli", name), input);
  return data as AdminOutput<N>;
}

/** The same for a verb by itself, with all that it answers. @throws AppError */
export async function runAction(
  context: CliContext,
  action: AdminAction<z.ZodType, unknown>,
  input: unknown,
): Promise<Extract<ActionResult<unknown>, { ok: true }>> {
  context.atEnd(closeConsoleDb);
  await assertSchemaKnown(consoleDb().sql);
  // What is unexpected is told by the command itself: its standard output is an answer, no log.
  let cause: unknown;
  const logger = {
    warn() {},
    error: ({ err }: { err: unknown }) => {
      cause ??= err;
    },
  };
  const result = await runAdminAction(
    action,
    {
      console: consoleDb(),
      logger,
      actor: await actorFor(action),
      auditTargets: context.env.targets.map((target) => target.name),
      program: true,
    },
    input,
  );
  if (result.ok) return result;
  const { code, message, hint, fields, current } = result.error;
  throw new AppError(code, message, { cause, current, ...(hint && { hint }), ...(fields && { fields }) });
}

/** The person at the terminal where one must answer for it, else the product itself. */
async function actorFor({ person, approval }: AdminAction<z.ZodType, unknown>): Promise<Actor> {
  const product = systemActor(`command line (${userInfo().username})`);
  return person || approval ? ((await readPerson()) ?? product) : product;
}
