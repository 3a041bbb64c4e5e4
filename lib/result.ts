import type { Role } from "./env/sign-in-variables.ts";
import { type ErrorCode, toAppError } from "./errors.ts";
import { type ServerWords, serverWordsOf } from "./sql-state.ts";

/** A figure with where and when it was read. */
export interface Observed<T> {
  data: T;
  /** When the source was read. */
  observedAt: Date;
  /** The catalogue view or table the data rests on, e.g. "pg_stat_activity". */
  source: string;
  /** The node (`host:port`) that answered, for reads that may be answered by a replica. */
  node?: string;
  /** Set when the source could not be read just now and these are the last known figures. */
  stale?: { since: Date; reason: string };
  /** Since when the counters behind the data count (stats_reset, collecting since), where that matters. */
  countsSince?: Date | null;
  /** Set when the server lacks what the figure needs; `data` is then empty, never made up. */
  unavailable?: Unavailable;
  /** Parts of `data` that the server refused or that could not be read; the others stand. */
  missing?: readonly MissingPart[];
}

/** One part of an answer that could not be read. */
export interface MissingPart {
  /** What is missing, e.g. "WAL on disk". */
  part: string;
  /** A sentence. */
  reason: string;
  /** What to do about it, in words or as SQL to run. */
  hint?: string;
  /** What the server said; only for roles that may see it. */
  server?: ServerWords;
}

/** Why a feature cannot show figures here, and what would enable it. */
export interface Unavailable {
  code: "unsupported" | "no_grant" | "not_installed" | "not_configured" | "insufficient_data";
  reason: string;
  /** SQL or setting that would enable it, to be run by a person. */
  enable?: string;
  /** Set where it only takes time: when there will be figures enough, if they go on coming. */
  until?: Date;
}

export interface ResultError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  hint?: string;
  since?: Date;
  fields?: Record<string, string>;
  /** For CONFLICT: what was named as it stands now, such as a plan made anew. */
  current?: unknown;
  /** What the server said when it refused; only for roles that may see it. */
  server?: ServerWords;
}

/** What crosses the wire. A read never throws: it answers one of these. */
export type ReadResult<T> = ({ ok: true } & Observed<T>) | { ok: false; error: ResultError };

/** What a verb that needs a second person answers: it has not run, its request waits. */
export interface AwaitsApproval {
  approvalId: string;
  /** Who else must approve it. */
  approverRole: Role;
  expiresAt: Date;
}

/**
 * What an admin action answers; `jobId` is the job that goes on with it. With `awaitsApproval` nothing was done yet and
 * `data` is an `AwaitsApproval`.
 */
export type ActionResult<T> =
  | { ok: true; data: T; jobId?: string; awaitsApproval?: true }
  | { ok: false; error: ResultError };

/** @param options.serverWords whether whoever asked may see what a database server itself said */
export function toResultError(thrown: unknown, options: { serverWords?: boolean } = {}): ResultError {
  const error = toAppError(thrown);
  const server = options.serverWords ? serverWordsOf(thrown) : undefined;
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.hint && { hint: error.hint }),
    ...(error.since && { since: error.since }),
    ...(error.fields && { fields: error.fields }),
    ...(error.current !== undefined && { current: error.current }),
    ...(server && { server }),
  };
}
