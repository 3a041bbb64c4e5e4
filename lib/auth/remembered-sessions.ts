import { LRUCache } from "lru-cache";
import type { ConsoleDb } from "../db/console-db.ts";
import { isConsoleOutage } from "../db/errors.ts";
import type { Actor } from "./actor.ts";
import { sessionActor } from "./sessions.ts";

/** A role read longer ago than this is worth nothing. */
export const rememberedForMs = 5 * 60_000;
const maxSessions = 1_000;

/** One a process, whichever of Next's bundles asks. */
const held = globalThis as typeof globalThis & { auditDashboardSessions?: LRUCache<string, Actor> };

function memory(): LRUCache<string, Actor> {
  held.auditDashboardSessions ??= new LRUCache({
    max: maxSessions,
    ttl: rememberedForMs,
    ttlResolution: 0,
    perf: { now: () => Date.now() },
  });
  return held.auditDashboardSessions;
}

/**
 * The person behind a session, read now; while the console database cannot be used, as this process read them last,
 * at most five minutes ago, and then marked `remembered`: good for figures of targets and nothing else.
 * @throws AppError UNAVAILABLE for a session that this process has not read lately
 */
export async function knownSessionActor(
  { db }: Pick<ConsoleDb, "db">,
  sessionId: string,
  ip: string | null,
): Promise<Actor | null> {
  try {
    const actor = await sessionActor(db, sessionId, ip);
    if (actor) memory().set(sessionId, actor);
    else memory().delete(sessionId);
    return actor;
  } catch (thrown) {
    const last = isConsoleOutage(thrown) && memory().get(sessionId);
    if (!last) throw thrown;
    return { ...last, ip, remembered: true };
  }
}

/** Whether this process could answer for the session without the console database. */
export function isRemembered(sessionId: string): boolean {
  return memory().has(sessionId);
}

/** After a change that may concern rights or sessions: who comes next is read anew. */
export function forgetSessions(): void {
  memory().clear();
}
