import { consoleDb, consoleOutage } from "../db/console-db.ts";
import { isConsoleOutage } from "../db/errors.ts";
import type { AppError } from "../errors.ts";
import { isRemembered, knownSessionActor } from "./remembered-sessions.ts";
import { readSessionCookie } from "./session-cookie.ts";

/**
 * Why no page can be shown to a visitor now: the console database is away and this process has not read them lately.
 * Null when a page can be tried. Whoever was read within five minutes costs no statement.
 * @param cookies the request's
 * @param needsConsole the page shows nothing without the console database
 */
export async function findVisitorOutage(
  cookies: readonly { name: string; value: string }[],
  needsConsole: boolean,
): Promise<AppError | null> {
  try {
    const sessionId = await readSessionCookie(cookies);
    if (sessionId && isRemembered(sessionId) && !needsConsole) return null;
    // Signing in begins with the console database, too.
    const actor = sessionId
      ? await knownSessionActor(consoleDb(), sessionId, null)
      : await consoleDb().sql`select 1`.then(() => null);
    return actor?.remembered ? consoleOutage() : null;
  } catch (thrown) {
    return isConsoleOutage(thrown) ? thrown : null;
  }
}
