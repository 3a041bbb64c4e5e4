import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** People who may sign in. `passwordHash` is null for those who only come through single sign-on. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    /** Lower case. */
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: text("role", { enum: ["viewer", "operator", "privacy_officer", "admin"] }).notNull(),
    /** argon2id, in PHC string form. */
    passwordHash: text("password_hash"),
    mustChangePassword: boolean("must_change_password").notNull().default(false),
    passwordChangedAt: at("password_changed_at"),
    disabledAt: at("disabled_at"),
    createdAt: at("created_at").notNull().defaultNow(),
    lastSignInAt: at("last_sign_in_at"),
  },
  (t) => [
    uniqueIndex("users_email_key").on(sql`lower(${t.email})`),
    check("users_email_lower", sql`${t.email} = lower(${t.email})`),
    check("users_role", sql`${t.role} in ('viewer', 'operator', 'privacy_officer', 'admin')`),
  ],
);

/** Who a person is at an OpenID Connect provider. */
export const oidcIdentities = pgTable(
  "oidc_identities",
  {
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    linkedAt: at("linked_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.issuer, t.subject] }), index("oidc_identities_user_id").on(t.userId)],
);

/** One row a signed-in browser. The cookie carries its id; every check reads this row. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    method: text("method", { enum: ["password", "oidc"] }).notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    lastSeenAt: at("last_seen_at").notNull().defaultNow(),
    /** When the person last proved with password or provider that it is they who sit there. */
    reauthenticatedAt: at("reauthenticated_at"),
    expiresAt: at("expires_at").notNull(),
    revokedAt: at("revoked_at"),
    ip: text("ip"),
    userAgent: text("user_agent"),
  },
  (t) => [
    index("sessions_user_id").on(t.userId, t.createdAt),
    index("sessions_expires_at").on(t.expiresAt),
    check("sessions_method", sql`${t.method} in ('password', 'oidc')`),
  ],
);

/**
 * Guesses at passwords in the present quarter hour, as rate-limiter-flexible keeps them. `key` is what is counted
 * (account, address, device) and a digest: no addresses of strangers are kept.
 */
export const signInGuesses = pgTable(
  "sign_in_guesses",
  {
    key: text("key").primaryKey(),
    points: integer("points").notNull(),
    expire: at("expire"),
  },
  (t) => [index("sign_in_guesses_expire").on(t.expire)],
);

/** Bearer tokens. The secret is shown once and never stored: `hash` is its SHA-256. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    /** The person it acts for; null when made on the command line. */
    createdBy: uuid("created_by").references(() => users.id, { onDelete: "cascade" }),
    /** Hex. */
    hash: text("hash").notNull(),
    /** First characters of the secret, to recognise it by. */
    prefix: text("prefix").notNull(),
    scopes: text("scopes").array().notNull(),
    /** Target names it is limited to; null means every target. */
    targets: text("targets").array(),
    createdAt: at("created_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
    lastUsedAt: at("last_used_at"),
    revokedAt: at("revoked_at"),
  },
  (t) => [uniqueIndex("api_tokens_hash_key").on(t.hash), index("api_tokens_created_by").on(t.createdBy)],
);
