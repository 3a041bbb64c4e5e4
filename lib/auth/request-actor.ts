import type { ConsoleDb } from "../db/console-db.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import type { Actor } from "./actor.ts";
import { clientAddress } from "./client-address.ts";
import { knownSessionActor } from "./remembered-sessions.ts";
import { parseCookies, readSessionCookie } from "./session-cookie.ts";
import { authenticateBearer } from "./tokens.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Who sends an API request: a bearer token, else a session cookie; null when neither is there or the session
 * has ended. A cookie changes things only for a request of our own origin. While the console database is away a
 * session may be remembered, a token never.
 * @throws AppError UNAUTHENTICATED for a bad token, FORBIDDEN for a foreign or missing Origin, UNAVAILABLE.
 */
export async function readRequestActor(request: Request, console: ConsoleDb): Promise<Actor | null> {
  const ip = clientAddress(request.headers);
  const authorization = request.headers.get("authorization");
  if (authorization) return authenticateBearer(console.db, authorization, ip);
  const sessionId = await readSessionCookie(parseCookies(request.headers.get("cookie")));
  if (!sessionId) return null;
  if (!safeMethods.has(request.method)) assertOwnOrigin(request);
  return knownSessionActor(console, sessionId, ip);
}

/** @throws AppError FORBIDDEN */
function assertOwnOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  const own = new Set([env().NEXTAUTH_URL, request.url].flatMap((url) => (url ? [new URL(url).origin] : [])));
  const host = request.headers.get("host");
  if (host) own.add(`${new URL(request.url).protocol}//${host}`);
  if (!origin || !own.has(origin)) {
    throw new AppError("FORBIDDEN", "This request came from another site.", {
      hint: "Scripts use an API token: `Authorization: Bearer adb_…`.",
    });
  }
}
