import { CommanderError } from "commander";
import pc from "picocolors";
import { EnvironmentError } from "../env/parse.ts";
import { AppError, exitStatus, toAppError } from "../errors.ts";
import { describeError, type LoggedError } from "../log/log-error.ts";
import { toResultError } from "../result.ts";
import { serverWordsOf, tellServerWords } from "../sql-state.ts";

/**
 * Tells a failure in one paragraph on standard error (as JSON with `json`) and answers the exit status.
 * Never a stack trace, unless LOG_LEVEL=debug asked for it.
 */
export function reportError(thrown: unknown, options: { json: boolean; debug: boolean }): number {
  // Commander has told about its own already.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitStatus.BAD_INPUT;
  const error = explain(thrown);
  if (options.json) {
    process.stderr.write(`${JSON.stringify({ error: toResultError(error, { serverWords: true }) })}\n`);
  } else {
    const colors = pc.createColors(process.stderr.isTTY === true && pc.isColorSupported);
    const hint = error.hint ? ` ${error.hint}` : "";
    process.stderr.write(`${colors.red("audit-db:")} ${error.message}${hint}\n`);
    const words = serverWordsOf(error);
    if (words) process.stderr.write(`${tellServerWords(words)}\n`);
  }
  for (let current = thrown; options.debug && current instanceof Error; current = current.cause)
    process.stderr.write(`${current.stack}\n`);
  return exitStatus[error.code];
}

function explain(thrown: unknown): AppError {
  if (thrown instanceof EnvironmentError) return new AppError("BAD_INPUT", thrown.message);
  const error = toAppError(thrown);
  if (error.code !== "INTERNAL") return error;
  const own = thrown instanceof AppError ? thrown.message : "An unexpected error.";
  return new AppError("INTERNAL", `${own} (${tellPlace(describeError(error))})`, {
    cause: error.cause,
    hint: "Run it again with LOG_LEVEL=debug to see all of it.",
  });
}

/** The innermost error's kind, code and place, in a few words. */
function tellPlace({ type, code, stack, cause }: LoggedError): string {
  if (cause) return tellPlace(cause);
  return [type, code, stack?.split("\n", 1)[0]].filter(Boolean).join(" ");
}
