import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

export const checkStates = [
  "ok",
  "notice",
  "warning",
  "critical",
  "no_data",
  "error",
  "unavailable",
] as const;
export type CheckStateName = (typeof checkStates)[number];

/** The newest evaluation of a check on a target, written by the leading evaluator alone. */
export const checkEvaluation = pgTable(
  "check_evaluation",
  {
    target: text("target").notNull(),
    checkId: text("check_id").notNull(),
    evaluatedAt: at("evaluated_at").notNull(),
    /** When the server was asked, where its figures may be older than the evaluation. */
    observedAt: at("observed_at"),
    tookMs: integer("took_ms").notNull(),
    /** Whether an object that it did not name is gone. */
    complete: boolean("complete").notNull(),
    /** Why it could not be evaluated; its objects keep their last states then. */
    error: jsonb("error").$type<{ code: string; message: string; hint?: string }>(),
    /** When it last answered, be it that it cannot judge; what stands of its objects is as of then. */
    repliedAt: at("replied_at"),
    /** When it last judged an object, or that there is none; null: never. */
    answeredAt: at("answered_at"),
    /** Looks in a row since that failed or had no figures; those while the target is down are not counted. */
    failures: integer("failures").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.target, t.checkId] })],
);

/** How each object stands, and since when; written by the leading evaluator alone. */
export const checkState = pgTable(
  "check_state",
  {
    target: text("target").notNull(),
    checkId: text("check_id").notNull(),
    /** The object's identity as text, e.g. `relation:app.public.audit_log`. */
    objectKey: text("object_key").notNull(),
    object: jsonb("object").notNull(),
    state: text("state", { enum: checkStates }).notNull(),
    value: doublePrecision("value"),
    unit: text("unit"),
    threshold: jsonb("threshold"),
    /** When this state began. */
    since: at("since").notNull(),
    evaluatedAt: at("evaluated_at").notNull(),
    /** False once an incomplete answer did not name it: not known to be gone. */
    confirmed: boolean("confirmed").notNull().default(true),
    /** `{title, detail}` */
    words: jsonb("words").notNull(),
    path: text("path").notNull(),
    unavailable: jsonb("unavailable"),
  },
  (t) => [
    primaryKey({ columns: [t.target, t.checkId, t.objectKey] }),
    check(
      "check_state_state",
      sql`${t.state} in ('ok', 'notice', 'warning', 'critical', 'no_data', 'error', 'unavailable')`,
    ),
  ],
);

/** Thresholds that people set; the code's own apply where there is none. */
export const checkThreshold = pgTable(
  "check_threshold",
  {
    checkId: text("check_id").notNull(),
    /** `*`: every target. */
    target: text("target").notNull().default("*"),
    /** `*`: every object. */
    objectKey: text("object_key").notNull().default("*"),
    /** Limits as the check's `thresholds` has them. */
    limits: jsonb("limits").notNull(),
    /** How long it must be bad before it fires, and be fine before it is over, in seconds; null: the check's own. */
    forSeconds: integer("for_seconds"),
    keepFiringSeconds: integer("keep_firing_seconds"),
    setBy: uuid("set_by"),
    setByName: text("set_by_name").notNull(),
    setAt: at("set_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.checkId, t.target, t.objectKey] })],
);
