import { sql } from "drizzle-orm";
import {
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

// The audit tables for typed queries. Their migrations are written by hand: drizzle knows no PARTITION BY, no
// triggers and no column grants. A test compares these definitions with the migrated catalogue.

const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });
const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/** What an event has in the log and in quarantine alike. */
const eventColumns = () => ({
  id: uuid("id").notNull(),
  occurredAt: moment("occurred_at").notNull(),
  recordedAt: moment("recorded_at").notNull(),
  organizationId: text("organization_id").notNull(),
  action: text("action").notNull(),
  status: text("status", { enum: ["attempt", "success", "failure"] }).notNull(),
  targetType: text("target_type"),
  targetId: text("target_id"),
  outcome: text("outcome"),
  correlationId: text("correlation_id"),
  eventVersion: smallint("event_version").notNull(),
  dataClassification: text("data_classification", {
    enum: ["PUBLIC", "INTERNAL", "CONFIDENTIAL", "PHI"],
  }).notNull(),
  retentionPolicy: text("retention_policy").notNull(),
  processingMs: integer("processing_ms"),
  details: jsonb("details").notNull(),
  actorToken: text("actor_token"),
  targetToken: text("target_token"),
  actorPersonal: bytea("actor_personal"),
  actorDigest: bytea("actor_digest"),
  targetPersonal: bytea("target_personal"),
  targetDigest: bytea("target_digest"),
  leafVersion: smallint("leaf_version").notNull(),
  leaf: bytea("leaf").notNull(),
  salts: bytea("salts"),
});

/** PARTITION BY LIST (retention_policy), each branch PARTITION BY RANGE (occurred_at). */
export const auditLog = pgTable(
  "audit_log",
  { ...eventColumns(), xactId: xid8("xact_id").notNull().default(sql`pg_current_xact_id()`) },
  (table) => [
    primaryKey({ columns: [table.retentionPolicy, table.occurredAt, table.id] }),
    index("audit_log_occurred_at_idx").on(table.occurredAt),
    index("audit_log_organization_id_idx").on(table.organizationId, table.occurredAt),
    index("audit_log_actor_token_idx").on(table.actorToken, table.occurredAt),
    index("audit_log_target_token_idx")
      .on(table.targetToken, table.occurredAt)
      .where(sql`target_token is not null`),
    index("audit_log_correlation_id_idx").on(table.correlationId).where(sql`correlation_id is not null`),
    index("audit_log_xact_id_idx").using("brin", sql`((xact_id::text)::bigint)`),
  ],
);

export const auditQuarantine = pgTable(
  "audit_quarantine",
  {
    ...eventColumns(),
    reason: text("reason", { enum: ["unknown_policy", "no_partition", "too_far_ahead", "fenced"] }).notNull(),
    quarantinedAt: moment("quarantined_at").notNull().defaultNow(),
    resolvedAt: moment("resolved_at"),
    resolution: text("resolution"),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.occurredAt, table.retentionPolicy] }),
    index("audit_quarantine_open_idx").on(table.quarantinedAt).where(sql`resolved_at is null`),
  ],
);

/** Ages are measured at the upper bound of a partition. */
export const retentionPolicy = pgTable(
  "retention_policy",
  {
    name: text("name").primaryKey(),
    dataClassification: text("data_classification", {
      enum: ["PUBLIC", "INTERNAL", "CONFIDENTIAL", "PHI"],
    }).notNull(),
    floorDays: integer("floor_days").notNull(),
    ceilingDays: integer("ceiling_days"),
    archiveAfterDays: integer("archive_after_days"),
    legalBasis: text("legal_basis").notNull(),
    partitionInterval: text("partition_interval", { enum: ["day", "week", "month", "quarter"] })
      .notNull()
      .default("month"),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  () => [check("retention_policy_floor_days_check", sql`floor_days >= 0`)],
);

export const auditFence = pgTable(
  "audit_fence",
  {
    retentionPolicy: text("retention_policy").notNull(),
    lower: moment("lower").notNull(),
    upper: moment("upper").notNull(),
    reason: text("reason").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.retentionPolicy, table.lower] })],
);

export const auditIdempotency = pgTable(
  "audit_idempotency",
  {
    scope: text("scope").notNull(),
    key: text("key").notNull(),
    requestDigest: bytea("request_digest").notNull(),
    results: jsonb("results").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.key] }),
    index("audit_idempotency_created_at_idx").on(table.createdAt),
  ],
);
