import type { Logger } from "./log/log.ts";
import { processLogger } from "./log/process-logger.ts";
import { type ResultError, toResultError } from "./result.ts";

/**
 * A failure as whoever asked is told of it. Every door answers through this: what is told as INTERNAL names no cause, so
 * that it stands in the log first.
 * @param options.serverWords whether whoever asked may see what a database server itself said
 * @param asked what was asked, in words of ours: a read's, an action's or an operation's name, a target
 */
export function answerError(
  thrown: unknown,
  asked: Record<string, string | undefined>,
  logger: Pick<Logger, "error"> = processLogger(),
  options: { serverWords?: boolean } = {},
): ResultError {
  const error = toResultError(thrown, options);
  if (error.code === "INTERNAL") logger.error({ ...asked, err: thrown }, "unexpected error");
  return error;
}
