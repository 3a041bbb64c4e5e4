import { and, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Queryable, Tx } from "../db/console-db.ts";
import { preparePerDb } from "../db/prepare-per-db.ts";
import { schema } from "../db/schema.ts";
import type { Actor } from "./actor.ts";

/** A session ends after this, however busy. */
export const sessionDays = 7;
/** And after this without a request. */
export const idleHours = 24;

export interface NewSession {
  userId: string;
  method: "password" | "oidc";
  ip: string | null;
  userAgent: string | null;
  /** When the person proved who they are: now with a password, what the provider says otherwise; null when it does not say. */
  reauthenticatedAt: Date | null;
}

/** Opens a session and notes the sign-in on the user, in the caller's transaction. @returns its id. */
export async function createSession(tx: Tx, session: NewSession, now: Date): Promise<string> {
  const id = uuidV7(now.getTime());
  await tx.insert(schema.sessions).values({
    id,
    ...session,
    userAgent: session.userAgent?.slice(0, 400) ?? null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + sessionDays * 86_400_000),
  });
  await tx.update(schema.users).set({ lastSignInAt: now }).where(eq(schema.users.id, session.userId));
  return id;
}

const bySession = preparePerDb((db) =>
  db
    .select({
      id: schema.users.id,
      email: schema.users.email,
      name: schema.users.name,
      role: schema.users.role,
      mustChangePassword: schema.users.mustChangePassword,
      lastSeenAt: schema.sessions.lastSeenAt,
      reauthenticatedAt: schema.sessions.reauthenticatedAt,
    })
    .from(schema.sessions)
    .innerJoin(schema.users, eq(schema.users.id, schema.sessions.userId))
    .where(
      and(
        eq(schema.sessions.id, sql.placeholder("session")),
        isNull(schema.sessions.revokedAt),
        gt(schema.sessions.expiresAt, sql.placeholder("now")),
        gt(schema.sessions.lastSeenAt, sql.placeholder("idleSince")),
        isNull(schema.users.disabledAt),
      ),
    )
    .prepare("session_actor"),
);

/**
 * The person behind a session as the database has them now; null when the session is revoked, expired or
 * idle too long, or the person is disabled. `lastSeenAt` moves at most once a minute.
 */
export async function sessionActor(
  db: Queryable,
  sessionId: string,
  ip: string | null,
  now: Date = new Date(),
): Promise<Actor | null> {
  const idleSince = new Date(now.getTime() - idleHours * 3_600_000);
  const [row] = await bySession(db).execute({
    session: sessionId,
    now: now.toISOString(),
    idleSince: idleSince.toISOString(),
  });
  if (!row) return null;
  if (now.getTime() - row.lastSeenAt.getTime() > 60_000) {
    await db
      .update(schema.sessions)
      .set({ lastSeenAt: now, ...(ip && { ip }) })
      .where(eq(schema.sessions.id, sessionId));
  }
  return {
    kind: "user",
    id: row.id,
    name: row.name,
    email: row.email,
    person: { id: row.id, email: row.email },
    role: row.role,
    sessionId,
    reauthenticatedAt: row.reauthenticatedAt,
    targets: null,
    mustChangePassword: row.mustChangePassword,
    ip,
  };
}

/** Ends a person's sessions, all but `except`. @returns how many ended. */
export async function revokeSessions(
  tx: Tx,
  userId: string,
  now: Date,
  except?: string | null,
): Promise<number> {
  const ended = await tx
    .update(schema.sessions)
    .set({ revokedAt: now })
    .where(
      and(
        eq(schema.sessions.userId, userId),
        isNull(schema.sessions.revokedAt),
        except ? ne(schema.sessions.id, except) : undefined,
      ),
    )
    .returning({ id: schema.sessions.id });
  return ended.length;
}
