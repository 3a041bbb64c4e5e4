import type { IncomingMessage } from "node:http";
import { clientAddress } from "../auth/client-address.ts";
import { parseCookies, readSessionCookie } from "../auth/session-cookie.ts";
import { sessionActor } from "../auth/sessions.ts";
import { consoleDb } from "../db/console-db.ts";

/**
 * Whether the request's cookie is ours and its session lives. While the console's database cannot say, the cookie
 * alone does: whatever is asked reads the session once more and tells of the outage.
 */
export async function hasLiveSession(request: IncomingMessage): Promise<boolean> {
  const sessionId = await readSessionCookie(parseCookies(request.headers.cookie ?? null)).catch(() => null);
  if (!sessionId) return false;
  const forwarded = request.headers["x-forwarded-for"];
  const ip = clientAddress(
    new Headers({ "x-forwarded-for": String(forwarded ?? request.socket.remoteAddress ?? "") }),
  );
  try {
    return (await sessionActor(consoleDb().db, sessionId, ip)) !== null;
  } catch {
    return true;
  }
}
