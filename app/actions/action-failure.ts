import "server-only";

import { consoleDbError, sqlState } from "@/lib/db/errors";
import { env } from "@/lib/env";
import { toAppError } from "@/lib/errors";
import { createLogger } from "@/lib/log";
import { type ResultError, toResultError } from "@/lib/result";

/** What an action answers for anything thrown; what is shown as unexpected is logged with its cause. */
export function actionFailure(thrown: unknown, action: string): { ok: false; error: ResultError } {
  const error = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
  if (error.code === "INTERNAL")
    createLogger({ level: env().LOG_LEVEL, name: "actions" }).error({ action, err: thrown }, "action failed");
  return { ok: false, error: toResultError(error) };
}
