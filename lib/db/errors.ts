import { explainUnknownSetting } from "../audit-db/pool/driver-error.ts";
import { AppError, consoleOutageDigest } from "../errors.ts";

/** What the program itself, a file or a fetch got wrong: Node gives these codes too, and none is the database's. */
function isForeign(thrown: Error): boolean {
  return (
    /^(Type|Range|Syntax|Reference)Error$/.test(thrown.name) || ("path" in thrown && "syscall" in thrown)
  );
}

/** The error beneath drizzle's wrapper: the driver's, with its SQLSTATE or system code. */
function driverError(thrown: unknown): { code: string; message: string } {
  let current: unknown = thrown;
  while (current instanceof Error && !isForeign(current)) {
    if (!(current instanceof AppError) && "code" in current && typeof current.code === "string") {
      return { code: current.code, message: current.message };
    }
    if (current instanceof AggregateError && current.errors[0] instanceof Error) current = current.errors[0];
    else current = current.cause;
  }
  return { code: "", message: "" };
}

/** SQLSTATE of a failed statement, or "" when it did not come from the server. */
export function sqlState(thrown: unknown): string {
  return driverError(thrown).code;
}

/** Whether this says that the console database cannot be used now. */
export function isConsoleOutage(thrown: unknown): thrown is AppError & { digest: string } {
  return thrown instanceof AppError && thrown.digest === consoleOutageDigest;
}

/** How loud a duty that fails with this may be: an outage of the console database is told once, not by every duty. */
export function levelOf(thrown: unknown): "debug" | "warn" {
  return isConsoleOutage(thrown) ? "debug" : "warn";
}

/** What went wrong with the console database, in words that name no URL, user or password. */
export function consoleDbError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = driverError(thrown);
  const unavailable = (message: string, hint: string) =>
    Object.assign(new AppError("UNAVAILABLE", message, { cause: thrown, hint, retryAfterSeconds: 2 }), {
      digest: consoleOutageDigest,
    });
  switch (code) {
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ECONNRESET":
    case "EPIPE":
    case "ETIMEDOUT":
    case "CONNECT_TIMEOUT":
    case "CONNECTION_CLOSED":
    case "CONNECTION_ENDED":
    case "CONNECTION_DESTROYED":
      return unavailable(
        `The console database cannot be reached (${code}).`,
        "Check host and port in CONSOLE_DATABASE_URL and that the server is running and lets this machine in.",
      );
    case "NO_ANSWER":
      return unavailable(
        "The console database does not answer.",
        "Its machine may be overloaded, frozen or cut off; look there.",
      );
    case "57014":
      return new AppError("TIMEOUT", "The console database took too long over a statement.", {
        cause: thrown,
      });
    case "28P01":
      return unavailable(
        "The console database refused the password.",
        "Check user and password in CONSOLE_DATABASE_URL.",
      );
    case "28000":
      return unavailable(
        "The console database refuses this user from this address.",
        "Check the server's pg_hba.conf, and user and sslmode in CONSOLE_DATABASE_URL.",
      );
    case "ERR_TLS_REFUSED":
    case "ERR_TLS_FILE":
    case "ERR_SESSION_ATTRS":
      return unavailable(
        `The console database cannot be reached: ${message}.`,
        "Check CONSOLE_DATABASE_URL and the servers it names.",
      );
    case "3D000":
      return unavailable(
        "The database named in CONSOLE_DATABASE_URL does not exist on that server.",
        "Create it with `CREATE DATABASE …`, owned by the user in the URL.",
      );
    case "57P03":
    case "57P01":
    case "57P02":
      return unavailable(
        "The console database is starting or shutting down.",
        "Try again in a moment; its own log says why it takes long.",
      );
    case "53300":
      return unavailable(
        "The console database has no connection left.",
        "Raise max_connections there, or run fewer processes of this console.",
      );
    case "42704":
      return new AppError(
        "UNSUPPORTED",
        `The console database cannot be used: ${explainUnknownSetting(driverError(thrown)).reason}.`,
        {
          cause: thrown,
        },
      );
    case "42501":
      return new AppError(
        "FORBIDDEN",
        "The user in CONSOLE_DATABASE_URL may not create the tables it needs.",
        {
          cause: thrown,
          hint: "Let it own its database: `ALTER DATABASE … OWNER TO …`.",
        },
      );
    default:
      return new AppError("INTERNAL", `The console database answered with an error (${code || "unknown"}).`, {
        cause: thrown,
      });
  }
}
