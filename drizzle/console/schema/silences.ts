import { sql } from "drizzle-orm";
import {
  boolean,
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

/** Nobody is told of the alerts it matches, from `starts_at` until it ends; what fires is shown as silenced. */
export const silence = pgTable(
  "silence",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** `*`: every target. */
    target: text("target").notNull(),
    /** As `matchersInput` of lib/alerting/matcher.ts has them; none matches everything. */
    matchers: jsonb("matchers").notNull(),
    reason: text("reason").notNull(),
    /** Whether it silences guarded checks as well: only what two administrators agreed on does. */
    guarded: boolean("guarded").notNull().default(false),
    startsAt: at("starts_at").notNull(),
    /** Null: until the incident it was made for resolves. */
    endsAt: at("ends_at"),
    /** The one it was made for, which may be pruned before it. */
    incidentId: uuid("incident_id"),
    /** `incident.fires` when it was made: the next fire is another one. */
    incidentFires: integer("incident_fires"),
    createdByKind: text("created_by_kind", { enum: ["user", "token", "system"] }).notNull(),
    createdBy: text("created_by"),
    createdByName: text("created_by_name").notNull(),
    createdAt: at("created_at").notNull(),
    /** Ended before its time, by a person or because its incident resolved. */
    endedAt: at("ended_at"),
    /** Null where the machine ended it. */
    endedByName: text("ended_by_name"),
  },
  (t) => [
    index("silence_open").on(t.target).where(sql`${t.endedAt} is null`),
    check("silence_end", sql`(${t.endsAt} is null) = (${t.incidentFires} is not null)`),
    check("silence_incident", sql`${t.endsAt} is not null or ${t.incidentId} is not null`),
    check("silence_span", sql`${t.endsAt} > ${t.startsAt}`),
    check(
      "silence_guarded",
      sql`not ${t.guarded} or (${t.endsAt} is not null and ${t.endsAt} <= ${t.startsAt} + interval '24 hours')`,
    ),
  ],
);

/** Time in which work is expected: as a silence, known beforehand, once or again and again. Never for guarded checks. */
export const maintenanceWindow = pgTable(
  "maintenance_window",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** `*`: every target. */
    target: text("target").notNull(),
    name: text("name").notNull(),
    /** As a silence's. */
    matchers: jsonb("matchers").notNull(),
    /** Of one that is once; null of one that recurs. */
    startsAt: at("starts_at"),
    endsAt: at("ends_at"),
    /** Of one that recurs: when it begins, where, and how long it lasts. */
    cron: text("cron"),
    /** IANA name */
    timeZone: text("time_zone"),
    minutes: integer("minutes"),
    enabled: boolean("enabled").notNull().default(true),
    /** Counted up by each change. */
    revision: integer("revision").notNull().default(1),
    setBy: text("set_by"),
    setByName: text("set_by_name").notNull(),
    setAt: at("set_at").notNull(),
  },
  (t) => [
    unique("maintenance_window_name").on(t.target, t.name),
    check(
      "maintenance_window_when",
      sql`case when ${t.cron} is null
            then ${t.startsAt} is not null and ${t.endsAt} > ${t.startsAt} and ${t.timeZone} is null and ${t.minutes} is null
            else ${t.startsAt} is null and ${t.endsAt} is null and ${t.timeZone} is not null and ${t.minutes} > 0 end`,
    ),
  ],
);
