import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

/**
 * `placing`: nothing in its scope is destroyed any more, but a destruction that began before may still come through.
 * `in_force`: each of those is settled. `released`: by a second person.
 */
export const holdStates = ["placing", "in_force", "released"] as const;
export type HoldState = (typeof holdStates)[number];

/** A legal hold as a case: while it stands, nothing in its scope is destroyed. */
export const legalHold = pgTable(
  "legal_hold",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** What people call it by. */
    number: bigint("number", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    name: text("name").notNull(),
    /** Why, in the words of whoever placed it: shown to privacy officers and administrators alone. */
    reason: text("reason").notNull(),
    /** As `holdScope` of lib/holds/hold-scope.ts has it; the person stands in `subject`. */
    scope: jsonb("scope").notNull(),
    /** `vault.subject`, which lives as long as a hold names it. */
    subject: uuid("subject"),
    state: text("state", { enum: holdStates }).notNull(),
    /** Compared and set with each change of state. */
    version: integer("version").notNull().default(1),
    /** Effects in its scope that had been intended and not settled when it was placed: it is in force once each is. */
    awaits: jsonb("awaits").$type<string[]>().notNull(),
    placedBy: uuid("placed_by"),
    placedByName: text("placed_by_name").notNull(),
    placedAt: at("placed_at").notNull(),
    inForceAt: at("in_force_at"),
    releasedBy: uuid("released_by"),
    releasedByName: text("released_by_name"),
    releasedAt: at("released_at"),
    releaseReason: text("release_reason"),
  },
  (t) => [
    unique("legal_hold_number").on(t.number),
    index("legal_hold_standing").on(t.state).where(sql`${t.state} <> 'released'`),
    check("legal_hold_state", sql`${t.state} in ('placing', 'in_force', 'released')`),
    check("legal_hold_released", sql`(${t.state} = 'released') = (${t.releasedAt} is not null)`),
    check(
      "legal_hold_second_person",
      sql`${t.releasedBy} is null or ${t.placedBy} is null or ${t.releasedBy} <> ${t.placedBy}`,
    ),
  ],
);

/**
 * `asked`: nobody has looked yet. `held`: holds, a restriction or what waits in quarantine keep it back. `kept`: a floor of retention does, until `due_at`. `marked`: no process may use the key any
 * more; it is destroyed one key TTL after. `destroyed`: the key and the link to the person are gone.
 */
export const erasureStates = ["asked", "held", "kept", "marked", "destroyed"] as const;
export type ErasureState = (typeof erasureStates)[number];

/** That one person's events under one policy of one target are to be unreadable: one row for each key they stand under. */
export const erasure = pgTable(
  "erasure",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** Of `vault.subject_key`. Names nobody once its key is destroyed. */
    token: text("token").notNull(),
    target: text("target").notNull(),
    /** `?`: what waits in quarantine under policies that the target does not know. */
    policy: text("policy").notNull(),
    state: text("state", { enum: erasureStates }).notNull(),
    version: integer("version").notNull().default(1),
    /** The day the floor of the newest event under the key ends; null where nothing but a hold is waited for. */
    dueAt: at("due_at"),
    /** What keeps it back, as told when it was last looked at: ids of holds, `restriction`, `quarantine`. */
    heldBy: jsonb("held_by").$type<string[]>().notNull(),
    requestedBy: uuid("requested_by"),
    requestedByName: text("requested_by_name").notNull(),
    requestedAt: at("requested_at").notNull(),
    approvalId: uuid("approval_id"),
    jobId: uuid("job_id"),
    /** When it was last found what it waits for. */
    lookedAt: at("looked_at"),
    /** Since when its rows are shown to nobody, although the key is kept for other policies. */
    closedAt: at("closed_at"),
    markedAt: at("marked_at"),
    destroyedAt: at("destroyed_at"),
    /** `privacy_ledger.entry` */
    entry: bigint("entry", { mode: "number" }),
  },
  (t) => [
    unique("erasure_key").on(t.token, t.target, t.policy),
    index("erasure_open").on(t.state, t.dueAt).where(sql`${t.state} <> 'destroyed'`),
    check("erasure_state", sql`${t.state} in ('asked', 'held', 'kept', 'marked', 'destroyed')`),
    check("erasure_destroyed", sql`(${t.state} = 'destroyed') = (${t.destroyedAt} is not null)`),
  ],
);

export const ledgerKinds = ["erasure", "restriction", "restriction_lifted", "redaction"] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/**
 * What was erased, restricted and redacted, append-only: a restored database replays it before it serves. Each entry
 * stands as a signed receipt in the target's own log too, so that either can rebuild the other. No personal data.
 */
export const privacyLedger = pgTable(
  "privacy_ledger",
  {
    entry: bigint("entry", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: ledgerKinds }).notNull(),
    target: text("target").notNull(),
    /** As `ledgerFacts` of lib/ledger/entry.ts has it for the kind. */
    facts: jsonb("facts").notNull(),
    at: at("at").notNull(),
    /** `personToken` of whoever did it, or `console_system`. */
    byToken: text("by_token").notNull(),
    /** Id of the receipt event in the target's log: UUID v7, fixed with the entry. */
    receiptId: uuid("receipt_id").notNull(),
    /** The receipt as a compact JWS; null where the console had no master key to sign with. */
    receipt: text("receipt"),
  },
  (t) => [
    unique("privacy_ledger_receipt").on(t.receiptId),
    index("privacy_ledger_target").on(t.target, t.entry),
    index("privacy_ledger_event").on(sql`(facts ->> 'id')`).where(sql`${t.kind} = 'redaction'`),
    index("privacy_ledger_token").on(sql`(facts ->> 'token')`).where(sql`${t.kind} = 'erasure'`),
    check(
      "privacy_ledger_kind",
      sql`${t.kind} in ('erasure', 'restriction', 'restriction_lifted', 'redaction')`,
    ),
  ],
);

/**
 * `agrees`: all of the target's entries stand in its log, and no receipt there is unknown here. `target_older`: receipts or
 * redactions are missing there. `console_older`: signed receipts stand there of which the ledger knows nothing.
 */
export const ledgerMarkStates = ["agrees", "target_older", "console_older"] as const;
export type LedgerMarkState = (typeof ledgerMarkStates)[number];

/** Which database each target was when its log was last compared with the ledger, and how the two stood. */
export const ledgerMark = pgTable(
  "ledger_mark",
  {
    target: text("target").primaryKey(),
    /** `pg_control_system().system_identifier`, as text: it does not fit a double. */
    systemIdentifier: text("system_identifier"),
    timeline: integer("timeline"),
    /** Oid of `audit_log`, which a restored dump has not. */
    logOid: bigint("log_oid", { mode: "number" }),
    /** Digest of the log's partitions: a table that was attached may bring back what was redacted. */
    partitions: text("partitions"),
    /** Until then nobody finds that they agree: a table is being attached that brings back what was redacted. */
    heldUntil: at("held_until"),
    /** When its server was started. */
    startedAt: at("started_at").notNull(),
    /** Newest entry whose receipt was seen in the target's log. */
    newestEntry: bigint("newest_entry", { mode: "number" }),
    state: text("state", { enum: ledgerMarkStates }).notNull(),
    /** How many receipts or redactions are missing, or unknown here. */
    behind: integer("behind").notNull(),
    /** Receipts in the log that nobody known here signed. */
    untrusted: integer("untrusted").notNull(),
    /** When they were last compared. */
    seenAt: at("seen_at").notNull(),
  },
  (t) => [check("ledger_mark_state", sql`${t.state} in ('agrees', 'target_older', 'console_older')`)],
);
