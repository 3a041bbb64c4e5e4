import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { preparePerDb } from "../db/prepare-per-db.ts";
import { schema } from "../db/schema.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { AppError } from "../errors.ts";
import type { Actor } from "./actor.ts";
import { can } from "./roles.ts";

/** What a token may be for, and the role it acts with; `append` hands events in and reads nothing. */
export const tokenScopes = {
  read: "viewer",
  operate: "operator",
  privacy: "privacy_officer",
  admin: "admin",
  append: null,
} as const satisfies Record<string, Role | null>;
export type TokenScope = keyof typeof tokenScopes;

const form = /^adb_[A-Za-z0-9_-]{43}$/;

/** A new secret: 256 random bits, shown once. Only `hash` and `prefix` are kept. */
export function newTokenSecret(): { secret: string; hash: string; prefix: string } {
  const secret = `adb_${randomBytes(32).toString("base64url")}`;
  return { secret, hash: hashToken(secret), prefix: secret.slice(0, 10) };
}

/** SHA-256 suffices: there is nothing to guess in 256 random bits. */
function hashToken(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/**
 * The actor behind `Authorization: Bearer adb_…`, its role no more than its creator has now.
 * @throws AppError UNAUTHENTICATED: malformed, unknown, expired, revoked, or its creator is disabled.
 */
export async function authenticateBearer(
  db: Queryable,
  authorization: string,
  ip: string | null = null,
  now: Date = new Date(),
): Promise<Actor> {
  const secret = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1] ?? "";
  const actor = form.test(secret) ? await readToken(db, byHash(db), hashToken(secret), ip, now) : null;
  if (!actor) {
    throw new AppError("UNAUTHENTICATED", "This API token is unknown, expired or revoked.", {
      hint: "An administrator makes tokens in Settings, or `audit-db token create` does.",
    });
  }
  return actor;
}

/** The same by the token's id, to see whether it still holds; null when not. */
export function tokenActor(db: Queryable, id: string, ip: string | null, now: Date): Promise<Actor | null> {
  return readToken(db, byId(db), id, ip, now);
}

const byHash = preparePerDb((db) => selectToken(db, schema.apiTokens.hash).prepare("token_by_hash"));
const byId = preparePerDb((db) => selectToken(db, schema.apiTokens.id).prepare("token_by_id"));

function selectToken(db: Queryable, column: typeof schema.apiTokens.hash | typeof schema.apiTokens.id) {
  const { apiTokens, users } = schema;
  const { id, name, scopes, targets, createdBy, lastUsedAt } = apiTokens;
  return db
    .select({
      token: { id, name, scopes, targets, createdBy, lastUsedAt },
      creatorRole: users.role,
      creatorEmail: users.email,
      creatorDisabledAt: users.disabledAt,
    })
    .from(apiTokens)
    .leftJoin(users, eq(users.id, apiTokens.createdBy))
    .where(
      and(
        eq(column, sql.placeholder("value")),
        isNull(apiTokens.revokedAt),
        gt(apiTokens.expiresAt, sql.placeholder("now")),
      ),
    );
}

async function readToken(
  db: Queryable,
  statement: ReturnType<typeof byHash>,
  value: string,
  ip: string | null,
  now: Date,
): Promise<Actor | null> {
  const { apiTokens } = schema;
  const [row] = await statement.execute({ value, now: now.toISOString() });
  if (!row || row.creatorDisabledAt) return null;
  const { token } = row;
  const creatorRole = token.createdBy ? (row.creatorRole ?? "viewer") : "admin";
  if (!token.lastUsedAt || now.getTime() - token.lastUsedAt.getTime() > 60_000) {
    await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, token.id));
  }
  return {
    kind: "token",
    id: token.id,
    name: token.name,
    email: null,
    person: token.createdBy && row.creatorEmail ? { id: token.createdBy, email: row.creatorEmail } : null,
    role: effectiveRole(token.scopes, creatorRole),
    scopes: token.scopes.filter((scope) => scope !== "append" || can(creatorRole, "operator")),
    sessionId: null,
    reauthenticatedAt: null,
    targets: token.targets,
    mustChangePassword: false,
    ip,
  };
}

/** The highest role that both the scopes and the creator's present role allow. */
function effectiveRole(scopes: readonly string[], creatorRole: Role): Role {
  const granted = scopes.filter((scope): scope is TokenScope => scope in tokenScopes);
  const allows = (role: Role) =>
    can(creatorRole, role) &&
    granted.some((scope) => {
      const reach = tokenScopes[scope];
      return reach !== null && can(reach, role);
    });
  return (["admin", "operator", "privacy_officer"] as const).find(allows) ?? "viewer";
}
