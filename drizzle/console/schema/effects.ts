import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

/**
 * What a verb or a job does outside the console's transaction: committed as intended before it happens, told as done
 * or failed after. One that nobody told of since is of unknown outcome until somebody looked.
 */
export const effect = pgTable(
  "effect",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** `object.verb` of the action, as the activity log has it. */
    action: text("action").notNull(),
    target: text("target"),
    objectType: text("object_type"),
    objectId: text("object_id"),
    objectName: text("object_name"),
    jobId: uuid("job_id"),
    actorKind: text("actor_kind", { enum: ["user", "token", "system"] }).notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name").notNull(),
    /** What the reconciler needs to look; never a secret. */
    input: jsonb("input").notNull(),
    /** What it destroys for good, as `Destruction`s of lib/holds/types.ts: a hold placed meanwhile waits for it. */
    destroys: jsonb("destroys"),
    state: text("state", { enum: ["intended", "done", "failed", "unknown"] })
      .notNull()
      .default("intended"),
    intendedAt: at("intended_at").notNull().defaultNow(),
    /** Whoever carries it out says until when it is at it; later it is of unknown outcome. */
    aliveUntil: at("alive_until").notNull(),
    /** When a reconciler last looked and could not tell. */
    lookedAt: at("looked_at"),
    settledAt: at("settled_at"),
    /** Whether the one who did it told the outcome, or a reconciler found it. */
    settledBy: text("settled_by", { enum: ["actor", "reconciler"] }),
    facts: jsonb("facts").$type<Record<string, unknown>>(),
    error: jsonb("error").$type<{ code: string; message: string; hint?: string }>(),
  },
  (t) => [
    index("effect_open").on(t.aliveUntil).where(sql`${t.state} in ('intended', 'unknown')`),
    index("effect_intended").on(t.intendedAt, t.id),
    check("effect_state", sql`${t.state} in ('intended', 'done', 'failed', 'unknown')`),
  ],
);

/** A verb that needs a second person: what exactly was asked, by whom, and what the second said. */
export const approval = pgTable(
  "approval",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    action: text("action").notNull(),
    target: text("target"),
    objectType: text("object_type"),
    objectId: text("object_id"),
    objectName: text("object_name"),
    /** The input that will run, and no other. */
    input: jsonb("input").notNull(),
    /** SHA-256 over the canonical input (RFC 8785). */
    digest: text("digest").notNull(),
    /** What may approve it. */
    approverRole: text("approver_role", {
      enum: ["viewer", "operator", "privacy_officer", "admin"],
    }).notNull(),
    requestedBy: uuid("requested_by").notNull(),
    requestedByName: text("requested_by_name").notNull(),
    /** The token it was asked with: it must still hold when the input runs. */
    requestedToken: uuid("requested_token"),
    requestedAt: at("requested_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
    state: text("state", {
      enum: ["requested", "approved", "refused", "withdrawn", "expired", "executed", "failed"],
    })
      .notNull()
      .default("requested"),
    /** Compared and set with each change of state. */
    version: integer("version").notNull().default(1),
    decidedBy: uuid("decided_by"),
    decidedByName: text("decided_by_name"),
    decidedAt: at("decided_at"),
    comment: text("comment"),
    executedAt: at("executed_at"),
    jobId: uuid("job_id"),
  },
  (t) => [
    index("approval_open").on(t.state, t.expiresAt),
    index("approval_requested").on(t.requestedAt, t.id),
    check(
      "approval_state",
      sql`${t.state} in ('requested', 'approved', 'refused', 'withdrawn', 'expired', 'executed', 'failed')`,
    ),
    check(
      "approval_second_person",
      sql`${t.decidedBy} is null or ${t.decidedBy} <> ${t.requestedBy} or ${t.state} = 'withdrawn'`,
    ),
  ],
);
