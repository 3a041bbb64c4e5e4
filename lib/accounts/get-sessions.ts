import { and, desc, eq, gt, isNull } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import { idleHours } from "../auth/sessions.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { deviceName } from "./device-name.ts";

export interface SessionSummary {
  id: string;
  userId: string;
  email: string;
  name: string;
  method: "password" | "oidc";
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
  /** The user agent in words: "Firefox 145 on Windows". */
  device: string;
  /** The one this question was asked from. */
  current: boolean;
}

/** Open sessions, the last seen first: the actor's own, or everybody's. */
export async function getSessions(
  { db }: ConsoleDb,
  actor: Actor,
  whose: "own" | "all",
  now: Date,
): Promise<SessionSummary[]> {
  const { sessions, users } = schema;
  const rows = await db
    .select({
      id: sessions.id,
      userId: sessions.userId,
      email: users.email,
      name: users.name,
      method: sessions.method,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
      ip: sessions.ip,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        whose === "own" ? eq(sessions.userId, actor.id) : undefined,
        isNull(sessions.revokedAt),
        isNull(users.disabledAt),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, new Date(now.getTime() - idleHours * 3_600_000)),
      ),
    )
    .orderBy(desc(sessions.lastSeenAt))
    .limit(1_000);
  return rows.map((row) => ({
    ...row,
    device: deviceName(row.userAgent),
    current: row.id === actor.sessionId,
  }));
}
