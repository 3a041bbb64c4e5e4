import { sql } from "drizzle-orm";
import { boolean, check, integer, jsonb, pgTable, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

export const upkeepStates = ["proposed", "approved"] as const;
export type UpkeepState = (typeof upkeepStates)[number];

/**
 * How the newest run that ended came out. `contended`: a lock was not got before the time to work was over. `missed`: the
 * time to work was over before it began.
 */
export const upkeepOutcomes = ["done", "nothing to do", "contended", "missed", "failed"] as const;
export type UpkeepOutcome = (typeof upkeepOutcomes)[number];

/** Who makes the partitions of a table ahead, when, and who answers for it. One rule a table. */
export const partitionUpkeep = pgTable(
  "partition_upkeep",
  {
    id: uuid("id").primaryKey(),
    target: text("target").notNull(),
    /** The database that was connected when it was proposed: a target may be pointed at another one. */
    database: text("database").notNull(),
    schemaName: text("schema_name").notNull(),
    /** A root (then every branch) or a branch. */
    tableName: text("table_name").notNull(),
    /** As `cutInput` of lib/partition-plan/request.ts has it; null: learned from the partitions that are there. */
    cut: jsonb("cut"),
    /** Intervals after the one that holds now. */
    ahead: integer("ahead").notNull(),
    tablespace: text("tablespace"),
    cron: text("cron").notNull(),
    /** IANA name, of the expression and of the window. */
    timeZone: text("time_zone").notNull(),
    /** `HH:MM` of the day between which it may work, over midnight where the first is the later one; null: always. */
    windowFrom: text("window_from"),
    windowTo: text("window_to"),
    /** The longest that writers may be made to queue behind one attempt at a lock, in milliseconds. */
    lockTimeoutMs: integer("lock_timeout_ms").notNull(),
    state: text("state", { enum: upkeepStates }).notNull(),
    /** Counted up by each change of what it says: an approval names the one it saw. */
    revision: integer("revision").notNull(),
    /** Off: no run begins. */
    enabled: boolean("enabled").notNull().default(true),
    proposedByKind: text("proposed_by_kind", { enum: ["user", "token", "system"] }).notNull(),
    proposedBy: text("proposed_by"),
    proposedByName: text("proposed_by_name").notNull(),
    proposedAt: at("proposed_at").notNull(),
    approvedByKind: text("approved_by_kind", { enum: ["user", "token", "system"] }),
    approvedBy: text("approved_by"),
    approvedByName: text("approved_by_name"),
    approvedAt: at("approved_at"),
    /** Since when it is on: approved, or resumed. */
    onSince: at("on_since"),
    /** Of the newest run that ended; kept for longer than jobs are. */
    lastRunAt: at("last_run_at"),
    lastJobId: uuid("last_job_id"),
    lastOutcome: text("last_outcome", { enum: upkeepOutcomes }),
    /** What was made, or why not, in a sentence. */
    lastWords: text("last_words"),
    /** How many it made. */
    lastMade: integer("last_made"),
    /** End of the newest run that went well, also where there was nothing to do. */
    succeededAt: at("succeeded_at"),
  },
  (t) => [
    unique("partition_upkeep_table").on(t.target, t.schemaName, t.tableName),
    check("partition_upkeep_state", sql`${t.state} in ('proposed', 'approved')`),
    check("partition_upkeep_window", sql`(${t.windowFrom} is null) = (${t.windowTo} is null)`),
    check("partition_upkeep_approval", sql`${t.state} = 'proposed' or ${t.approvedAt} is not null`),
  ],
);
