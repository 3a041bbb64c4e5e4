import type { ConsoleDb } from "../../db/console-db.ts";
import type { Logger } from "../../log/log.ts";

/** A request to the sign-in routes, as far as signing in and out needs it. */
export interface AuthRequest {
  console: ConsoleDb;
  ip: string | null;
  userAgent: string | null;
  cookies: readonly { name: string; value: string }[];
  /** Takes a `Set-Cookie` line for the answer. */
  setCookie(line: string): void;
  logger: Logger;
}

/** One request on its way through next-auth, which hands the outcome of one callback to the next in pieces. */
export interface AuthFlow {
  request: AuthRequest;
  /** Names of the configured targets, for the audit events. */
  auditTargets: readonly string[];
  /** Set by whichever provider let somebody in. */
  signedIn: { userId: string; sessionId: string } | null;
}
