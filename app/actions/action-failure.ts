import "server-only";

import { answerError } from "@/lib/answer-error";
import { consoleDbError, sqlState } from "@/lib/db/errors";
import type { ResultError } from "@/lib/result";

/** What an action answers for anything thrown. */
export function actionFailure(thrown: unknown, action: string): { ok: false; error: ResultError } {
  const error = sqlState(thrown) ? consoleDbError(thrown) : thrown;
  return { ok: false, error: answerError(error, { action }) };
}
