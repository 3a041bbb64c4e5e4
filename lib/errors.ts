/** The closed set of things that can go wrong, as a caller may act on them. */
export const errorCodes = [
  "BAD_INPUT",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "REAUTHENTICATE",
  "NOT_FOUND",
  "CONFLICT",
  "UNSUPPORTED",
  "TIMEOUT",
  "UNAVAILABLE",
  "OVERLOADED",
  "RATE_LIMITED",
  "TOO_LARGE",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

const retryableCodes: ReadonlySet<ErrorCode> = new Set([
  "TIMEOUT",
  "UNAVAILABLE",
  "OVERLOADED",
  "RATE_LIMITED",
]);

export interface AppErrorDetails {
  cause?: unknown;
  /** What to do about it, in words or as SQL to run. */
  hint?: string;
  /** When the condition began, for outages. */
  since?: Date;
  /** Seconds after which another try makes sense. */
  retryAfterSeconds?: number;
  /** Field path → what is wrong with it, for BAD_INPUT. */
  fields?: Record<string, string>;
  /** For CONFLICT: what was named as it stands now, such as a plan made anew. JSON, once dates are texts. */
  current?: unknown;
  /** For a job's work: what came of it all the same. JSON. */
  result?: unknown;
  /** Of an effect outside the console: it is certain that nothing happened, so nobody has to look whether it did. */
  untouched?: true;
}

/** What Next hands an error boundary in the browser for an outage of the console database: messages do not travel. */
export const consoleOutageDigest = "CONSOLE_DATABASE_UNAVAILABLE";
export type ConsoleOutageDigest = typeof consoleOutageDigest;

const appErrorBrand = Symbol.for("audit-db-dashboard.AppError");

/**
 * An error whose message may be shown to the person who asked. Everything else is shown as INTERNAL.
 *
 * `instanceof` goes by a brand: pages, route handlers and instrumentation are bundles with a class of their own each,
 * and an engine on `globalThis` throws the class of whichever bundle opened it.
 */
export class AppError extends Error {
  readonly [appErrorBrand] = true;

  static [Symbol.hasInstance](thrown: unknown): thrown is AppError {
    return typeof thrown === "object" && thrown !== null && appErrorBrand in thrown;
  }

  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly since: Date | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: Record<string, string> | undefined;
  readonly current: unknown;
  readonly result: unknown;
  readonly untouched: boolean;
  /** Set for an outage of the console database. */
  readonly digest?: ConsoleOutageDigest;

  constructor(code: ErrorCode, message: string, details: AppErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = details.hint;
    this.since = details.since;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.fields = details.fields;
    this.current = details.current;
    this.result = details.result;
    this.untouched = details.untouched ?? false;
  }

  get retryable(): boolean {
    return retryableCodes.has(this.code);
  }
}

export const httpStatus: Record<ErrorCode, number> = {
  BAD_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  REAUTHENTICATE: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNSUPPORTED: 422,
  TIMEOUT: 504,
  UNAVAILABLE: 503,
  OVERLOADED: 503,
  RATE_LIMITED: 429,
  TOO_LARGE: 413,
  INTERNAL: 500,
};

/** Exit statuses of the command line, documented in docs/cli.md. */
export const exitStatus: Record<ErrorCode, number> = {
  BAD_INPUT: 2,
  UNAUTHENTICATED: 3,
  FORBIDDEN: 3,
  REAUTHENTICATE: 3,
  NOT_FOUND: 4,
  CONFLICT: 5,
  UNSUPPORTED: 6,
  TIMEOUT: 7,
  UNAVAILABLE: 7,
  OVERLOADED: 7,
  RATE_LIMITED: 7,
  TOO_LARGE: 2,
  INTERNAL: 1,
};

/** Any thrown value as an AppError; a message we did not write never reaches a person. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isZodError(thrown)) {
    const fields = Object.fromEntries(
      thrown.issues.map((i) => [i.path.join(".") || "input", issueMessage(i)]),
    );
    const text = Object.entries(fields)
      .map(([path, message]) => `${path}: ${message}`)
      .join("; ");
    return new AppError("BAD_INPUT", text, { cause: thrown, fields });
  }
  return new AppError("INTERNAL", "An unexpected error was recorded in the console's log.", {
    cause: thrown,
  });
}

/** What zod says of one place. */
export interface Issue {
  path: PropertyKey[];
  message: string;
  /** Of what is not known. */
  keys?: string[];
  /** Of a key of a record, what is wrong with it. */
  issues?: { message: string }[];
}

/** A key that is no name may be somebody's data in the wrong place: it is not repeated. */
export function issueMessage({ message, keys, issues }: Issue): string {
  if (keys?.some((key) => !/^[\w.-]{1,60}$/.test(key))) return "Unrecognized key, which is no name";
  return issues?.[0]?.message ?? message;
}

function isZodError(thrown: unknown): thrown is { issues: Issue[] } {
  return (
    thrown instanceof Error &&
    (thrown.name === "ZodError" || thrown.name === "$ZodError") &&
    "issues" in thrown
  );
}
