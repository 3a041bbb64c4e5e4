import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** What people and tokens did in the console. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE. */
export const activity = pgTable(
  "activity",
  {
    /** UUID v7; also the id of the audit event the outbox delivers. */
    id: uuid("id").primaryKey(),
    at: at("at").notNull().defaultNow(),
    actorKind: text("actor_kind", { enum: ["user", "token", "system", "anonymous"] }).notNull(),
    /** User or token id; kept as text so that it outlives the account. */
    actorId: text("actor_id"),
    /** What the actor was called then: e-mail or the token's name. */
    actorName: text("actor_name").notNull(),
    /** e.g. `user.set-role` */
    action: text("action").notNull(),
    /** The watched database concerned; null for the console itself. */
    target: text("target"),
    objectType: text("object_type"),
    objectId: text("object_id"),
    /** What the object was called then. */
    objectName: text("object_name"),
    /** `unknown`: whoever did it was gone before they told; a later row tells what was found. */
    outcome: text("outcome", { enum: ["success", "refused", "failed", "unknown"] }).notNull(),
    /** Further facts; never a secret. */
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull().default({}),
    ip: text("ip"),
  },
  (t) => [
    index("activity_at").on(t.at, t.id),
    index("activity_actor").on(t.actorId, t.at),
    check("activity_outcome", sql`${t.outcome} in ('success', 'refused', 'failed', 'unknown')`),
    check("activity_actor_kind", sql`${t.actorKind} in ('user', 'token', 'system', 'anonymous')`),
  ],
);

/**
 * Audit events on their way to a target, written in the transaction of what they tell. One row an event and
 * target; `id` is the audit event's id, fixed here once, so that a repeated delivery changes nothing.
 */
export const outbox = pgTable(
  "outbox",
  {
    id: uuid("id").notNull(),
    target: text("target").notNull(),
    payload: jsonb("payload").$type<OutboxPayload>().notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    state: text("state", { enum: ["pending", "delivered", "not_applicable"] })
      .notNull()
      .default("pending"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: at("next_attempt_at").notNull().defaultNow(),
    /** When it was delivered or found not applicable. */
    settledAt: at("settled_at"),
    /** Why the last attempt failed, or why it does not apply. */
    lastError: text("last_error"),
  },
  (t) => [
    primaryKey({ columns: [t.target, t.id] }),
    index("outbox_due").on(t.nextAttemptAt).where(sql`${t.state} = 'pending'`),
    check("outbox_state", sql`${t.state} in ('pending', 'delivered', 'not_applicable')`),
  ],
);

/**
 * An audit event without personal data: people stand in it as tokens. That of an activity row, under its id, or a receipt
 * of the privacy ledger, under `privacy_ledger.receipt_id`.
 */
export interface OutboxPayload {
  /** `console` unless given. */
  organizationId?: string;
  /** ISO 8601, UTC */
  occurredAt: string;
  /** e.g. `console.user.set_role` */
  action: string;
  status: "success" | "failure";
  outcome: string;
  actorToken: string;
  targetType: string | null;
  targetId: string | null;
  targetToken: string | null;
  details: Record<string, unknown>;
}
