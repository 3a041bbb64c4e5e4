import { AppError } from "../../errors.ts";
import { meaningOf, sqlStateOf } from "../../sql-state.ts";
import type { DownCause } from "../target-facts.ts";
import { sessionSettings } from "./session-settings.ts";

interface DriverError {
  code?: string;
  /** As the protocol has it, never translated. */
  severity?: string;
  message?: string;
}

/** Codes of the driver and of Node's sockets that mean: no connection, rather than a failed statement. */
const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "SASL_SIGNATURE_MISMATCH",
  "AUTH_TYPE_NOT_IMPLEMENTED",
  "ERR_SESSION_ATTRS",
]);

/** SQLSTATEs with which a server turns a connection away or ends it. */
const refusedStates = new Set(["28000", "28P01", "3D000"]);
const goneStates = new Set([
  "57P01",
  "57P02",
  "57P03",
  "57P05",
  "08000",
  "08001",
  "08003",
  "08004",
  "08006",
  "53300",
]);

/** Whether an error says that the connection itself failed. */
export function isConnectionError(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return (
    isPooler(thrown) ||
    connectionCodes.has(code) ||
    refusedStates.has(code) ||
    goneStates.has(code) ||
    isFatal(thrown) ||
    isTls(thrown)
  );
}

/** The server ended the session with this, whatever it was; but what it calls a breach of protocol is a fault of ours. */
function isFatal(thrown: unknown): boolean {
  const { severity } = (thrown ?? {}) as DriverError;
  return (severity === "FATAL" || severity === "PANIC") && codeOf(thrown) !== "08P01";
}

/** What went wrong with a connection, in words a person can act on; never the URL or the password. */
export function explainConnectionError(thrown: unknown): { cause: DownCause; reason: string } {
  const code = codeOf(thrown);
  if (code === "28P01") return { cause: "refused", reason: "the server refused the password" };
  if (code === "28000") {
    return isTls(thrown)
      ? { cause: "tls", reason: "the server's pg_hba.conf refuses this role with this sslmode" }
      : {
          cause: "refused",
          reason: "the server's pg_hba.conf or role attributes refuse this role from this address",
        };
  }
  if (isPooler(thrown)) {
    return {
      cause: "pooler",
      reason: "a transaction pooler stands in between; watch through a direct connection to the server",
    };
  }
  if (code === "42704") return explainUnknownSetting(thrown);
  if (code === "3D000") return { cause: "database", reason: `the server has no database ${named(thrown)}` };
  if (code === "55000")
    return { cause: "database", reason: "the database accepts no connections at present" };
  if (code === "53300") return { cause: "full", reason: "the server has no connection slot left" };
  if (code === "ERR_SESSION_ATTRS") return { cause: "attributes", reason: (thrown as Error).message };
  // What we found ourselves says which parameter, which file.
  if (code === "ERR_TLS_REFUSED" || code === "ERR_TLS_FILE")
    return { cause: "tls", reason: (thrown as Error).message };
  if (code === "57P03")
    return { cause: "starting", reason: "the server is starting up, shutting down or recovering" };
  if (code === "57P01" || code === "57P02")
    return { cause: "unreachable", reason: "the server was shut down" };
  if (isTls(thrown))
    return { cause: "tls", reason: "the TLS handshake failed; check sslmode and the certificates" };
  if (code === "ECONNREFUSED")
    return { cause: "unreachable", reason: "nothing listens at that host and port" };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return { cause: "unreachable", reason: "the host name cannot be resolved" };
  if (code === "CONNECT_TIMEOUT" || code === "ETIMEDOUT")
    return { cause: "unreachable", reason: "the server did not answer in time" };
  return { cause: "unreachable", reason: "the connection was lost" };
}

/** A start-up packet is refused for one setting the server does not know: of ours, or of the URL. */
export function explainUnknownSetting(thrown: unknown): { cause: DownCause; reason: string } {
  const name = /"(.+?)"/.exec((thrown as DriverError).message ?? "")?.[1];
  return sessionSettings.some((setting) => setting.name === name)
    ? {
        cause: "unsupported",
        reason: "the server is older than PostgreSQL 14, the oldest version supported",
      }
    : { cause: "setting", reason: `the server does not know the setting ${name ?? ""} in options` };
}

/** What the server's message quotes, in whatever language: a name may hold quotes itself. */
function named(thrown: unknown): string {
  const message = (thrown as DriverError).message ?? "";
  return /["«„“].*["»“”]/s.exec(message)?.[0] ?? "of that name";
}

/** Why a probe's failure means that the target is down; undefined when it does not (our own queue was full). */
export function explainFailedProbe(thrown: unknown): { cause: DownCause; reason: string } | undefined {
  if (isConnectionError(thrown)) return explainConnectionError(thrown);
  if (!(thrown instanceof AppError)) return undefined;
  if (thrown.code === "UNSUPPORTED") {
    return { cause: thrown.message.includes("pooler") ? "pooler" : "unsupported", reason: thrown.message };
  }
  return thrown.code === "TIMEOUT"
    ? { cause: "unreachable", reason: "the server does not answer" }
    : undefined;
}

/** States that mean something to whoever wrote the statement: appends retry, routed reads go elsewhere. */
const forTheCaller = new Set(["23505", "23514", "25006", "26000", "40001", "40P01"]);

/**
 * A failed statement as an AppError in words of ours; the server's own stay its cause, for the log and for roles that
 * may see them (`serverWordsOf`).
 */
export function toStatementError(thrown: unknown, name: string): unknown {
  const sqlState = sqlStateOf(thrown);
  return sqlState !== undefined && forTheCaller.has(sqlState) ? thrown : tellRefusal(thrown, name);
}

/** The same for whatever a server refuses, once nobody tries again. */
export function tellRefusal(thrown: unknown, name: string): unknown {
  const sqlState = sqlStateOf(thrown);
  if (sqlState === undefined || thrown instanceof AppError || isConnectionError(thrown)) return thrown;
  if (sqlState === "22021" && /0x00$/.test((thrown as Error).message))
    return new AppError("BAD_INPUT", `${name} was given a value that PostgreSQL cannot hold.`, {
      cause: thrown,
      hint: "It is an invalid date, undefined, or a text with a NUL character.",
    });
  const { code, reason, hint } = meaningOf(sqlState);
  return new AppError(code, `${name} failed: ${reason}.`, { cause: thrown, ...(hint && { hint }) });
}

/** PgBouncer turns away the session settings of our start-up packet; any other protocol error is a fault of ours. */
export function isPooler(thrown: unknown): boolean {
  return codeOf(thrown) === "08P01" && thrown instanceof Error && /startup parameter/i.test(thrown.message);
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return "";
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0]);
  return String((thrown as DriverError).code ?? "");
}

function isTls(thrown: unknown): boolean {
  const code = codeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : "";
  return (
    code.startsWith("ERR_TLS") ||
    code.startsWith("ERR_SSL") ||
    code.includes("CERT") ||
    code === "EPROTO" ||
    /no encryption|SSL off|SSL connection|before secure TLS/i.test(message)
  );
}
