import { env } from "./env.ts";
import { createLogger, type Logger } from "./log/log.ts";
import { type ResultError, toResultError } from "./result.ts";

const held = globalThis as typeof globalThis & { auditDashboardLogger?: Logger };

/** The log of this process, one however many module instances ask. */
export function processLogger(): Logger {
  held.auditDashboardLogger ??= createLogger({
    level: env().LOG_LEVEL,
    name: "console",
    pretty: env().LOG_FORMAT === "pretty",
  });
  return held.auditDashboardLogger;
}

/**
 * A failure as whoever asked is told of it. Every door answers through this: what is told as INTERNAL names no cause, so
 * that it stands in the log first.
 * @param asked what was asked, in words of ours: a read's, an action's or an operation's name, a target
 */
export function answerError(
  thrown: unknown,
  asked: Record<string, string | undefined>,
  logger: Pick<Logger, "error"> = processLogger(),
): ResultError {
  const error = toResultError(thrown);
  if (error.code === "INTERNAL") logger.error({ ...asked, err: thrown }, "unexpected error");
  return error;
}
