import { answerError } from "../answer-error.ts";
import { type AppErrorDetails, httpStatus } from "../errors.ts";
import type { LineOutcome } from "../ingest/ingest-lines.ts";
import type { OutcomeCounts } from "../ingest/ingest-progress.ts";
import type { ResultError } from "../result.ts";
import type { ServerWords } from "../sql-state.ts";

/** An error as RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The closed code of lib/errors.ts. */
  code: ResultError["code"];
  retryable: boolean;
  hint?: string;
  since?: string;
  /** Parameter → what is wrong with it. */
  errors?: Record<string, string>;
  /** For 409: what was named as it stands now, such as a plan made anew. */
  current?: unknown;
  /** What the database server itself said; only for operators and administrators. */
  server?: ServerWords;
  /** How far NDJSON was appended before it failed. */
  ingested?: Ingested;
}

/** What became of the lines of a request that ended early. */
export interface Ingested {
  /** What became of every line up to this one is known. */
  lastLine: number;
  /** What became of the lines behind `lastLine` up to this one is not known. */
  unknownThrough?: number;
  counts: OutcomeCounts;
  /** The first thousand lines that were rejected or in conflict. */
  refused: LineOutcome[];
}

/** What a problem says beside its error. */
interface ProblemMore {
  /** A sentence behind the error's own. */
  detail?: string;
  ingested?: Ingested;
}

const titles: Record<ResultError["code"], string> = {
  BAD_INPUT: "The request is malformed",
  UNAUTHENTICATED: "Sign in or send a token",
  FORBIDDEN: "Not allowed",
  REAUTHENTICATE: "Prove first that it is you",
  NOT_FOUND: "Not found",
  CONFLICT: "In conflict with the present state",
  UNSUPPORTED: "Not supported here",
  TIMEOUT: "The audit database did not answer in time",
  UNAVAILABLE: "Not reachable",
  OVERLOADED: "Too many requests wait",
  RATE_LIMITED: "Too many requests",
  TOO_LARGE: "The request is too large",
  INTERNAL: "Unexpected error",
};

/** Seconds a client should wait when the error itself names none. */
const retryAfterDefault = 5;

/** The response to a failed request: status by code, `application/problem+json`, Retry-After when trying again makes sense. */
export function problemResponse(
  error: ResultError & Pick<AppErrorDetails, "retryAfterSeconds">,
  more: ProblemMore = {},
): Response {
  const status = httpStatus[error.code];
  const problem: Problem = {
    type: `urn:audit-db:problem:${error.code.toLowerCase().replaceAll("_", "-")}`,
    title: titles[error.code],
    status,
    detail: more.detail ? `${error.message} ${more.detail}` : error.message,
    code: error.code,
    retryable: error.retryable,
    ...(error.hint && { hint: error.hint }),
    ...(error.since && { since: error.since.toISOString() }),
    ...(error.fields && { errors: error.fields }),
    ...(error.current !== undefined && { current: error.current }),
    ...(error.server && { server: error.server }),
    ...(more.ingested && { ingested: more.ingested }),
  };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (error.retryable) headers.set("retry-after", String(error.retryAfterSeconds ?? retryAfterDefault));
  if (status === 401) headers.set("www-authenticate", 'Bearer realm="audit-db"');
  return new Response(JSON.stringify(problem), { status, headers });
}

/**
 * The same for anything thrown; a message that is not ours never leaves, but stands in the log.
 * @param asked what was asked, for the log
 */
export function thrownProblem(
  thrown: unknown,
  asked: Record<string, string> = { door: "api" },
  more: ProblemMore = {},
): Response {
  const retryAfterSeconds = retryAfterOf(thrown);
  return problemResponse(
    { ...answerError(thrown, asked), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
    more,
  );
}

function retryAfterOf(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null || !("retryAfterSeconds" in thrown)) return undefined;
  return typeof thrown.retryAfterSeconds === "number" ? thrown.retryAfterSeconds : undefined;
}
