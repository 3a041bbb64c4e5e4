import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
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

export const jobStates = ["waiting", "running", "done", "failed", "cancelled", "skipped"] as const;
export type JobState = (typeof jobStates)[number];

/** Long work somebody asked for or a schedule began: who, why, on what, how far, and what came of it. */
export const job = pgTable(
  "job",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** The one entry of the queue that may run it; each further run (a retry, the rest of long work) is a new entry. */
    entryId: uuid("entry_id").notNull(),
    /** `topic.verb`, as `defineJob` has it. */
    name: text("name").notNull(),
    /** The watched database it works on; null for the console itself. */
    target: text("target"),
    objectType: text("object_type"),
    objectId: text("object_id"),
    objectName: text("object_name"),
    /** Of those that share it one runs at a time. */
    serialKey: text("serial_key").notNull(),
    /** Parameters as `defineJob`'s input reads them; never a secret. */
    input: jsonb("input").notNull(),
    /** What a person typed; stays here and in the activity row. */
    reason: text("reason"),
    actorKind: text("actor_kind", { enum: ["user", "token", "system"] }).notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name").notNull(),
    /** Name of the schedule that began it. */
    schedule: text("schedule"),
    state: text("state", { enum: jobStates }).notNull().default("waiting"),
    /** Number of the claim that may write; 0 before the first. Whoever holds an older one writes nothing. */
    attempt: integer("attempt").notNull().default(0),
    /** Failures of the work itself; claims lost with their worker are not counted. */
    failures: integer("failures").notNull().default(0),
    done: doublePrecision("done"),
    total: doublePrecision("total"),
    unit: text("unit"),
    /** When `done` was last told. */
    progressAt: at("progress_at"),
    checkpoint: jsonb("checkpoint"),
    checkpointAt: at("checkpoint_at"),
    result: jsonb("result"),
    /** `{code, message, hint?}` of the last failure. */
    error: jsonb("error").$type<JobFailure>(),
    createdAt: at("created_at").notNull().defaultNow(),
    /** Not before. */
    runAfter: at("run_after").notNull().defaultNow(),
    startedAt: at("started_at"),
    /** When the claim's holder last said that it lives. */
    beatAt: at("beat_at"),
    finishedAt: at("finished_at"),
    cancelRequestedAt: at("cancel_requested_at"),
    cancelledBy: text("cancelled_by"),
    /** Days it is kept after its end. */
    keepDays: integer("keep_days").notNull().default(90),
  },
  (t) => [
    index("job_created").on(t.createdAt, t.id),
    index("job_open").on(t.state).where(sql`${t.state} in ('waiting', 'running')`),
    index("job_schedule").on(t.schedule, t.createdAt),
    check("job_state", sql`${t.state} in ('waiting', 'running', 'done', 'failed', 'cancelled', 'skipped')`),
  ],
);

export interface JobFailure {
  code: string;
  message: string;
  hint?: string;
}

/** Each claim of a job: by whom, and how it ended. */
export const jobAttempt = pgTable(
  "job_attempt",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => job.id, { onDelete: "cascade" }),
    attempt: integer("attempt").notNull(),
    /** `host:pid:started` of the worker process. */
    worker: text("worker").notNull(),
    startedAt: at("started_at").notNull().defaultNow(),
    /** How far the job was when this claim began: its speed is what came after. */
    doneFrom: doublePrecision("done_from"),
    endedAt: at("ended_at"),
    outcome: text("outcome", { enum: ["done", "failed", "lost", "cancelled", "continued"] }),
    error: jsonb("error").$type<JobFailure>(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.attempt] })],
);

/**
 * Sessions on the target that work for a claim right now: a frozen client's lives on with its locks, so whoever takes
 * the job over ends it first.
 */
export const jobBackend = pgTable(
  "job_backend",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => job.id, { onDelete: "cascade" }),
    attempt: integer("attempt").notNull(),
    pid: integer("pid").notNull(),
    /** With microseconds: together with the pid it names one session and no later one. */
    backendStart: at("backend_start").notNull(),
    /** What its connection is for; only its own role may end it. */
    purpose: text("purpose").notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.attempt, t.pid] })],
);

/** What a job said while it ran. */
export const jobLog = pgTable(
  "job_log",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => job.id, { onDelete: "cascade" }),
    seq: bigint("seq", { mode: "number" }).generatedAlwaysAsIdentity(),
    attempt: integer("attempt").notNull(),
    at: at("at").notNull().defaultNow(),
    level: text("level", { enum: ["info", "warn", "error"] }).notNull(),
    message: text("message").notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.seq] })],
);

/** What `once` has done already, in the transaction that did it. */
export const jobOnce = pgTable(
  "job_once",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => job.id, { onDelete: "cascade" }),
    key: text("key").notNull(),
    attempt: integer("attempt").notNull(),
    at: at("at").notNull().defaultNow(),
    result: jsonb("result"),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.key] })],
);

/** Work that begins by the clock. Code declares the schedules; this keeps when each last began and whether it is on. */
export const schedule = pgTable("schedule", {
  name: text("name").primaryKey(),
  jobName: text("job_name").notNull(),
  target: text("target"),
  input: jsonb("input").notNull(),
  cron: text("cron").notNull(),
  /** IANA name, e.g. `Europe/Berlin` */
  timeZone: text("time_zone").notNull().default("UTC"),
  /** A run begins up to this much later, at random. */
  jitterSeconds: integer("jitter_seconds").notNull().default(0),
  enabled: boolean("enabled").notNull().default(true),
  /** The moment the expression named for the newest run, begun or skipped. */
  lastSlot: at("last_slot"),
});
