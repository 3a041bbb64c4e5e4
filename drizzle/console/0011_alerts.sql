CREATE TABLE "alert" (
	"id" uuid PRIMARY KEY NOT NULL,
	"target" text NOT NULL,
	"check_id" text NOT NULL,
	"object_key" text NOT NULL,
	"object" jsonb NOT NULL,
	"condition" text NOT NULL,
	"severity" text,
	"value" double precision,
	"unit" text,
	"threshold" jsonb,
	"words" jsonb NOT NULL,
	"path" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"fired_at" timestamp with time zone,
	"fine_since" timestamp with time zone,
	"unconfirmed_since" timestamp with time zone,
	"unconfirmed" jsonb,
	"incident_id" uuid,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "alert_fingerprint" UNIQUE("target","check_id","object_key"),
	CONSTRAINT "alert_condition" CHECK ("alert"."condition" in ('normal', 'pending', 'firing', 'recovering'))
);
--> statement-breakpoint
CREATE TABLE "alert_span" (
	"id" uuid PRIMARY KEY NOT NULL,
	"alert_id" uuid NOT NULL,
	"incident_id" uuid,
	"severity" text NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"peak" double precision
);
--> statement-breakpoint
CREATE TABLE "incident" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"target" text NOT NULL,
	"group_key" text NOT NULL,
	"check_id" text NOT NULL,
	"condition" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"severity" text NOT NULL,
	"words" jsonb NOT NULL,
	"path" text NOT NULL,
	"firing" integer NOT NULL,
	"telling" integer NOT NULL,
	"fires" integer NOT NULL,
	"flapping" boolean DEFAULT false NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"normal_since" timestamp with time zone,
	"unconfirmed_since" timestamp with time zone,
	"assignee_id" uuid,
	"assignee_name" text,
	"acknowledged_by_id" text,
	"acknowledged_by_name" text,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_until" timestamp with time zone,
	"covered" jsonb,
	"snoozed_until" timestamp with time zone,
	"snoozed_by_name" text,
	"closed_at" timestamp with time zone,
	"closed_by_name" text,
	"close_reason" text,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "incident_number" UNIQUE("number"),
	CONSTRAINT "incident_condition" CHECK ("incident"."condition" in ('firing', 'normal')),
	CONSTRAINT "incident_state" CHECK ("incident"."state" in ('open', 'acknowledged', 'snoozed', 'closed')),
	CONSTRAINT "incident_severity" CHECK ("incident"."severity" in ('notice', 'warning', 'critical')),
	CONSTRAINT "incident_acknowledged" CHECK (("incident"."state" = 'acknowledged') = ("incident"."acknowledged_at" is not null)),
	CONSTRAINT "incident_snoozed" CHECK (("incident"."state" = 'snoozed') = ("incident"."snoozed_until" is not null)),
	CONSTRAINT "incident_closed" CHECK (("incident"."state" = 'closed') = ("incident"."closed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "incident_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" bigserial NOT NULL,
	"incident_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text,
	"facts" jsonb NOT NULL,
	"text" text
);
--> statement-breakpoint
CREATE TABLE "channel" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"config" jsonb NOT NULL,
	"details" boolean NOT NULL,
	"enabled" boolean NOT NULL,
	"disabled_because" text,
	"failing_since" timestamp with time zone,
	"last_error" text,
	"delivered_at" timestamp with time zone,
	"resume_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by_name" text NOT NULL,
	CONSTRAINT "channel_name" UNIQUE("name"),
	CONSTRAINT "channel_kind" CHECK ("channel"."kind" in ('email', 'webhook', 'slack', 'teams', 'pagerduty', 'alertmanager'))
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"channel_id" uuid NOT NULL,
	"incident_id" uuid,
	"kind" text NOT NULL,
	"message" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"unsettled" boolean DEFAULT false NOT NULL,
	"answer" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "delivery_state" CHECK ("delivery"."state" in ('pending', 'delivered', 'dead', 'withdrawn')),
	CONSTRAINT "delivery_settled_at" CHECK (("delivery"."state" = 'pending') = ("delivery"."settled_at" is null))
);
--> statement-breakpoint
CREATE TABLE "route" (
	"id" text PRIMARY KEY NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"matchers" jsonb NOT NULL,
	"severities" jsonb NOT NULL,
	"channels" jsonb,
	"group_wait_seconds" integer NOT NULL,
	"group_interval_seconds" integer NOT NULL,
	"repeat_seconds" integer,
	"go_on" boolean NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "telling_thread" (
	"incident_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"told" text NOT NULL,
	"telling" integer NOT NULL,
	"severity" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"acknowledged_at" timestamp with time zone,
	"silenced_there" jsonb,
	CONSTRAINT "telling_thread_incident_id_channel_id_pk" PRIMARY KEY("incident_id","channel_id"),
	CONSTRAINT "telling_thread_told" CHECK ("telling_thread"."told" in ('firing', 'resolved'))
);
--> statement-breakpoint
CREATE TABLE "maintenance_window" (
	"id" uuid PRIMARY KEY NOT NULL,
	"target" text NOT NULL,
	"name" text NOT NULL,
	"matchers" jsonb NOT NULL,
	"starts_at" timestamp with time zone,
	"ends_at" timestamp with time zone,
	"cron" text,
	"time_zone" text,
	"minutes" integer,
	"enabled" boolean DEFAULT true NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"set_by" text,
	"set_by_name" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "maintenance_window_name" UNIQUE("target","name"),
	CONSTRAINT "maintenance_window_when" CHECK (case when "maintenance_window"."cron" is null
            then "maintenance_window"."starts_at" is not null and "maintenance_window"."ends_at" > "maintenance_window"."starts_at" and "maintenance_window"."time_zone" is null and "maintenance_window"."minutes" is null
            else "maintenance_window"."starts_at" is null and "maintenance_window"."ends_at" is null and "maintenance_window"."time_zone" is not null and "maintenance_window"."minutes" > 0 end)
);
--> statement-breakpoint
CREATE TABLE "silence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"target" text NOT NULL,
	"matchers" jsonb NOT NULL,
	"reason" text NOT NULL,
	"guarded" boolean DEFAULT false NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"incident_id" uuid,
	"incident_fires" integer,
	"created_by_kind" text NOT NULL,
	"created_by" text,
	"created_by_name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by_name" text,
	CONSTRAINT "silence_end" CHECK (("silence"."ends_at" is null) = ("silence"."incident_fires" is not null)),
	CONSTRAINT "silence_incident" CHECK ("silence"."ends_at" is not null or "silence"."incident_id" is not null),
	CONSTRAINT "silence_span" CHECK ("silence"."ends_at" > "silence"."starts_at"),
	CONSTRAINT "silence_guarded" CHECK (not "silence"."guarded" or ("silence"."ends_at" is not null and "silence"."ends_at" <= "silence"."starts_at" + interval '24 hours'))
);
--> statement-breakpoint
ALTER TABLE "check_evaluation" ADD COLUMN "replied_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "check_evaluation" ADD COLUMN "answered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "check_evaluation" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "check_threshold" ADD COLUMN "for_seconds" integer;--> statement-breakpoint
ALTER TABLE "check_threshold" ADD COLUMN "keep_firing_seconds" integer;--> statement-breakpoint
ALTER TABLE "alert" ADD CONSTRAINT "alert_incident_id_incident_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incident"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_span" ADD CONSTRAINT "alert_span_alert_id_alert_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alert"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_span" ADD CONSTRAINT "alert_span_incident_id_incident_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incident"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_event" ADD CONSTRAINT "incident_event_incident_id_incident_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incident"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_channel_id_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channel"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_incident_id_incident_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incident"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telling_thread" ADD CONSTRAINT "telling_thread_incident_id_incident_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incident"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "telling_thread" ADD CONSTRAINT "telling_thread_channel_id_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channel"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_bad" ON "alert" USING btree ("target") WHERE "alert"."condition" <> 'normal';--> statement-breakpoint
CREATE INDEX "alert_incident" ON "alert" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "alert_span_of" ON "alert_span" USING btree ("alert_id","fired_at");--> statement-breakpoint
CREATE INDEX "alert_span_incident" ON "alert_span" USING btree ("incident_id");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_span_open" ON "alert_span" USING btree ("alert_id") WHERE "alert_span"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "incident_open" ON "incident" USING btree ("target","group_key") WHERE "incident"."state" <> 'closed';--> statement-breakpoint
CREATE INDEX "incident_history" ON "incident" USING btree ("target","opened_at");--> statement-breakpoint
CREATE INDEX "incident_changed" ON "incident" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "incident_event_of" ON "incident_event" USING btree ("incident_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "incident_event_seq" ON "incident_event" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "delivery_due" ON "delivery" USING btree ("channel_id","number") WHERE "delivery"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "delivery_of" ON "delivery" USING btree ("incident_id","channel_id");--> statement-breakpoint
CREATE INDEX "delivery_settled" ON "delivery" USING btree ("settled_at");--> statement-breakpoint
CREATE INDEX "route_position" ON "route" USING btree ("position");--> statement-breakpoint
CREATE INDEX "telling_thread_firing" ON "telling_thread" USING btree ("incident_id") WHERE "telling_thread"."told" = 'firing';--> statement-breakpoint
CREATE INDEX "silence_open" ON "silence" USING btree ("target") WHERE "silence"."ended_at" is null;