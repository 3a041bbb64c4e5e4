import { desc, eq, sql } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import { can } from "../auth/roles.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

export interface TokenSummary {
  id: string;
  name: string;
  /** The secret's first characters. */
  prefix: string;
  scopes: string[];
  /** Null means every target. */
  targets: string[] | null;
  /** E-mail of whom it acts for; null when made on the command line. */
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** `suspended`: its creator is disabled. */
  state: "active" | "expired" | "revoked" | "suspended";
}

/** API tokens, newest first: an administrator sees all of them, others their own. */
export async function getTokens(
  { db }: ConsoleDb,
  actor: Pick<Actor, "role" | "person">,
  now: Date,
): Promise<TokenSummary[]> {
  const { apiTokens, users } = schema;
  const rows = await db
    .select({
      id: apiTokens.id,
      name: apiTokens.name,
      prefix: apiTokens.prefix,
      scopes: apiTokens.scopes,
      targets: apiTokens.targets,
      createdBy: users.email,
      createdAt: apiTokens.createdAt,
      expiresAt: apiTokens.expiresAt,
      lastUsedAt: apiTokens.lastUsedAt,
      revokedAt: apiTokens.revokedAt,
      creatorDisabledAt: users.disabledAt,
    })
    .from(apiTokens)
    .leftJoin(users, eq(users.id, apiTokens.createdBy))
    .where(can(actor.role, "admin") ? undefined : ownTokens(actor))
    .orderBy(desc(apiTokens.createdAt))
    .limit(1_000);
  return rows.map(({ creatorDisabledAt, ...token }) => ({
    ...token,
    state: stateOf(token.revokedAt, token.expiresAt <= now, creatorDisabledAt),
  }));
}

function ownTokens({ person }: Pick<Actor, "person">) {
  return person ? eq(schema.apiTokens.createdBy, person.id) : sql`false`;
}

function stateOf(
  revokedAt: Date | null,
  expired: boolean,
  creatorDisabledAt: Date | null,
): TokenSummary["state"] {
  if (revokedAt) return "revoked";
  if (expired) return "expired";
  return creatorDisabledAt ? "suspended" : "active";
}
