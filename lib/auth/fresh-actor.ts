import type { Queryable } from "../db/console-db.ts";
import type { Actor } from "./actor.ts";
import { sessionActor } from "./sessions.ts";
import { tokenActor } from "./tokens.ts";

/** The actor as the database has them now, null when session or token no longer hold; the product itself needs no reading. */
export async function freshActor(db: Queryable, actor: Actor | null, now: Date): Promise<Actor | null> {
  if (!actor || actor.kind === "system") return actor;
  if (actor.kind === "token") return tokenActor(db, actor.id, actor.ip, now);
  return actor.sessionId ? sessionActor(db, actor.sessionId, actor.ip, now) : null;
}
