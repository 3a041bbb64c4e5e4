/** An error as log lines carry it. */
export interface LoggedError {
  type: string;
  /** Left out where it repeats what a caller sent. */
  message?: string;
  /** Our code, the system's or the server's SQLSTATE. */
  code?: string;
  /** Next's number for what the page showed instead. */
  digest?: string;
  routine?: string;
  constraint?: string;
  /** Where it was thrown, one place a line; without the message that a stack begins with. */
  stack?: string;
  cause?: LoggedError;
}

const deepest = 4;

/**
 * What of an error may stand in the log. Kinds whose text repeats what a caller sent (refused input, parsers, a server
 * that could not read a value, drizzle's copy of the statement with its values) keep their code and place only; no
 * property but the named ones is taken over, as drivers hang queries and parameters on theirs.
 */
export function describeError(thrown: unknown, depth = 0): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown };
  const { code, digest, routine, constraint_name } = thrown as Error & Record<string, unknown>;
  const cause = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  const stack = isForeseen(thrown) ? undefined : placesOf(thrown);
  return {
    type: thrown.name,
    ...(!repeatsInput(thrown) && { message: thrown.message.slice(0, 500) }),
    ...(isShort(code) && { code: String(code) }),
    ...(isShort(digest) && { digest: String(digest) }),
    ...(isShort(routine) && { routine: String(routine) }),
    ...(isShort(constraint_name) && { constraint: String(constraint_name) }),
    ...(stack && { stack }),
    ...(cause instanceof Error && depth < deepest && { cause: describeCause(thrown, cause, depth + 1) }),
  };
}

const parsers = new Set(["ZodError", "$ZodError", "SyntaxError", "URIError", "DrizzleQueryError"]);
const asked = new Set(["BAD_INPUT", "NOT_FOUND", "CONFLICT", "FORBIDDEN"]);

/** A cause, without places where the error itself needs none. */
function describeCause(error: Error, cause: Error, depth: number): LoggedError {
  const described = describeError(cause, depth);
  if (!isForeseen(error)) return described;
  const { stack: _, ...told } = described;
  return told;
}

/** What a server that is away or slow answers: where in our code it was asked tells nothing. */
const foreseen = new Set(["UNAVAILABLE", "TIMEOUT", "OVERLOADED"]);

function isForeseen(error: Error & { code?: unknown }): boolean {
  return error.name === "AppError" && foreseen.has(String(error.code));
}

function repeatsInput(error: Error & { code?: unknown }): boolean {
  if (parsers.has(error.name) || "query" in error) return true;
  if (error.name === "AppError") return asked.has(String(error.code));
  if (error.code === "ERR_INVALID_URL") return true;
  // Class 22 names the value it could not read; P0 is what a trigger says in words of its own.
  return error.name === "PostgresError" && /^(22|P0)/.test(String(error.code));
}

function placesOf({ stack }: Error): string | undefined {
  const places = stack?.split("\n").filter((line) => /^\s+at /.test(line));
  return places
    ?.slice(0, 12)
    .map((line) => line.trim())
    .join("\n");
}

function isShort(value: unknown): value is string | number {
  return (typeof value === "string" && value.length > 0 && value.length <= 60) || typeof value === "number";
}
