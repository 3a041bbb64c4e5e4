import { sql } from "drizzle-orm";
import {
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { type AlertSeverity, alertSeverities, incident } from "./alerts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

export const channelKinds = ["email", "webhook", "slack", "teams", "pagerduty", "alertmanager"] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Where people are told of incidents. Its secret stands in vault.secret, by its id. */
export const channel = pgTable(
  "channel",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: channelKinds }).notNull(),
    name: text("name").notNull(),
    /** As `configOf` of lib/channels/config.ts reads it; no secret. */
    config: jsonb("config").notNull(),
    /** Whether its messages may hold names of sessions, roles and texts of statements. */
    details: boolean("details").notNull(),
    enabled: boolean("enabled").notNull(),
    /** Why the machine disabled it. */
    disabledBecause: text("disabled_because"),
    /** Since when nothing reaches it, and what it answered last. */
    failingSince: at("failing_since"),
    lastError: text("last_error"),
    deliveredAt: at("delivered_at"),
    /** Nothing is tried before; null: at once. */
    resumeAt: at("resume_at"),
    createdAt: at("created_at").notNull(),
    changedAt: at("changed_at").notNull(),
    changedByName: text("changed_by_name").notNull(),
  },
  (t) => [
    unique("channel_name").on(t.name),
    check(
      "channel_kind",
      sql`${t.kind} in ('email', 'webhook', 'slack', 'teams', 'pagerduty', 'alertmanager')`,
    ),
  ],
);

/** Which incidents go where, in order of position. */
export const route = pgTable(
  "route",
  {
    /** UUID v7; `default` is the last one, for what no other took. */
    id: text("id").primaryKey(),
    position: integer("position").notNull(),
    name: text("name").notNull(),
    /** As lib/alerting/matcher.ts reads them. */
    matchers: jsonb("matchers").notNull(),
    severities: jsonb("severities").$type<AlertSeverity[]>().notNull(),
    /** Ids; null: every channel that is enabled. */
    channels: jsonb("channels").$type<string[]>(),
    groupWaitSeconds: integer("group_wait_seconds").notNull(),
    groupIntervalSeconds: integer("group_interval_seconds").notNull(),
    /** Null: told once. */
    repeatSeconds: integer("repeat_seconds"),
    /** Whether routes behind it are asked as well. */
    goOn: boolean("go_on").notNull(),
    changedAt: at("changed_at").notNull(),
    changedByName: text("changed_by_name").notNull(),
  },
  (t) => [index("route_position").on(t.position)],
);

/** What each channel was last told of an incident: the level that tellings compare with. */
export const tellingThread = pgTable(
  "telling_thread",
  {
    incidentId: uuid("incident_id")
      .notNull()
      .references(() => incident.id, { onDelete: "cascade" }),
    channelId: uuid("channel_id")
      .notNull()
      .references(() => channel.id, { onDelete: "cascade" }),
    told: text("told", { enum: ["firing", "resolved"] }).notNull(),
    /** The incident's `telling` it was told of. */
    telling: integer("telling").notNull(),
    severity: text("severity", { enum: alertSeverities }).notNull(),
    toldAt: at("told_at").notNull(),
    /** The acknowledgement it was told of. */
    acknowledgedAt: at("acknowledged_at"),
    /** Set while the other side keeps it from people, e.g. a silence in Alertmanager. */
    silencedThere: jsonb("silenced_there").$type<{ since: string; words: string }>(),
  },
  (t) => [
    primaryKey({ columns: [t.incidentId, t.channelId] }),
    index("telling_thread_firing").on(t.incidentId).where(sql`${t.told} = 'firing'`),
    check("telling_thread_told", sql`${t.told} in ('firing', 'resolved')`),
  ],
);

export const deliveryKinds = [
  "fired",
  "refired",
  "changed",
  "rose",
  "repeated",
  "refreshed",
  "acknowledged",
  "resolved",
  "test",
] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** One message to one channel, from when it is due to what was answered. Its id is the idempotency key. */
export const delivery = pgTable(
  "delivery",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** Their order. */
    number: bigserial("number", { mode: "number" }).notNull(),
    channelId: uuid("channel_id")
      .notNull()
      .references(() => channel.id, { onDelete: "cascade" }),
    /** Null: a test. */
    incidentId: uuid("incident_id").references(() => incident.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: deliveryKinds }).notNull(),
    /** What is told, as lib/channels/message.ts made it; the same at each attempt. */
    message: jsonb("message").notNull(),
    state: text("state", { enum: ["pending", "delivered", "dead", "withdrawn"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: at("next_attempt_at").notNull(),
    /** An attempt began whose end is not known: it may have arrived. */
    unsettled: boolean("unsettled").notNull().default(false),
    /** What the other side answered last, or why it could not be asked. */
    answer: text("answer"),
    createdAt: at("created_at").notNull(),
    settledAt: at("settled_at"),
  },
  (t) => [
    index("delivery_due").on(t.channelId, t.number).where(sql`${t.state} = 'pending'`),
    index("delivery_of").on(t.incidentId, t.channelId),
    index("delivery_settled").on(t.settledAt),
    check("delivery_state", sql`${t.state} in ('pending', 'delivered', 'dead', 'withdrawn')`),
    check("delivery_settled_at", sql`(${t.state} = 'pending') = (${t.settledAt} is null)`),
  ],
);
