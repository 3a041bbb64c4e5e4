import { and, asc, count, eq, gt, isNull, sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Role } from "../env/sign-in-variables.ts";

export interface UserSummary {
  id: string;
  email: string;
  name: string;
  role: Role;
  disabledAt: Date | null;
  createdAt: Date;
  lastSignInAt: Date | null;
  mustChangePassword: boolean;
  /** How they can sign in: `password`, `oidc`. */
  methods: ("password" | "oidc")[];
  openSessions: number;
}

/** Everybody who has an account, by e-mail. */
export async function getUsers({ db }: ConsoleDb, now: Date): Promise<UserSummary[]> {
  const { users, sessions, oidcIdentities } = schema;
  const open = db
    .select({ userId: sessions.userId, count: count().as("count") })
    .from(sessions)
    .where(and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
    .groupBy(sessions.userId)
    .as("open");
  const rows = await db
    .select({
      id: users.id,
      email: users.email,
      name: users.name,
      role: users.role,
      disabledAt: users.disabledAt,
      createdAt: users.createdAt,
      lastSignInAt: users.lastSignInAt,
      mustChangePassword: users.mustChangePassword,
      hasPassword: sql<boolean>`${users.passwordHash} is not null`,
      hasOidc: sql<boolean>`exists (select from ${oidcIdentities} where ${oidcIdentities.userId} = ${users.id})`,
      openSessions: sql<number>`coalesce(${open.count}, 0)::int`,
    })
    .from(users)
    .leftJoin(open, eq(open.userId, users.id))
    .orderBy(asc(users.email))
    .limit(1_000);
  return rows.map(({ hasPassword, hasOidc, ...user }) => ({
    ...user,
    methods: [...(hasPassword ? (["password"] as const) : []), ...(hasOidc ? (["oidc"] as const) : [])],
  }));
}
