import { userInfo } from "node:os";
import type { z } from "zod";
import { type AdminActionName, type AdminInput, type AdminOutput, adminActions } from "../admin.ts";
import { systemActor } from "../auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../db/console-db.ts";
import { assertSchemaKnown } from "../db/schema-version.ts";
import { AppError } from "../errors.ts";
import { type AdminAction, runAdminAction } from "../verbs/admin-action.ts";
import type { CliContext } from "./command.ts";
import { silent } from "./silent.ts";

/** Does an admin action in the name of the person at the terminal. @throws AppError what the action answered */
export async function runVerb<N extends AdminActionName>(
  context: CliContext,
  name: N,
  input: AdminInput<N>,
): Promise<AdminOutput<N>> {
  context.atEnd(closeConsoleDb);
  await assertSchemaKnown(consoleDb().sql);
  // What is unexpected is told by the command itself: its standard output is an answer, no log.
  let cause: unknown;
  const logger = {
    ...silent,
    error: ({ err }: { err: unknown }) => {
      cause ??= err;
    },
  };
  const result = await runAdminAction(
    adminActions[name] as unknown as AdminAction<z.ZodType, AdminOutput<N>>,
    {
      console: consoleDb(),
      logger,
      actor: systemActor(`command line (${userInfo().username})`),
      auditTargets: context.env.targets.map((target) => target.name),
    },
    input,
  );
  if (result.ok) return result.data;
  const { code, message, hint, fields } = result.error;
  if (code === "INTERNAL") throw new AppError(code, "An unexpected error.", { cause });
  throw new AppError(code, message, { ...(hint && { hint }), ...(fields && { fields }) });
}
