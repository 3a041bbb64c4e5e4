CREATE TABLE "check_evaluation" (
	"target" text NOT NULL,
	"check_id" text NOT NULL,
	"evaluated_at" timestamp with time zone NOT NULL,
	"took_ms" integer NOT NULL,
	"complete" boolean NOT NULL,
	"error" jsonb,
	CONSTRAINT "check_evaluation_target_check_id_pk" PRIMARY KEY("target","check_id")
);
--> statement-breakpoint
CREATE TABLE "check_state" (
	"target" text NOT NULL,
	"check_id" text NOT NULL,
	"object_key" text NOT NULL,
	"object" jsonb NOT NULL,
	"state" text NOT NULL,
	"value" double precision,
	"unit" text,
	"threshold" jsonb,
	"since" timestamp with time zone NOT NULL,
	"evaluated_at" timestamp with time zone NOT NULL,
	"confirmed" boolean DEFAULT true NOT NULL,
	"words" jsonb NOT NULL,
	"path" text NOT NULL,
	"unavailable" jsonb,
	CONSTRAINT "check_state_target_check_id_object_key_pk" PRIMARY KEY("target","check_id","object_key"),
	CONSTRAINT "check_state_state" CHECK ("check_state"."state" in ('ok', 'notice', 'warning', 'critical', 'no_data', 'error', 'unavailable'))
);
--> statement-breakpoint
CREATE TABLE "check_threshold" (
	"check_id" text NOT NULL,
	"target" text DEFAULT '*' NOT NULL,
	"object_key" text DEFAULT '*' NOT NULL,
	"limits" jsonb NOT NULL,
	"set_by" uuid,
	"set_by_name" text NOT NULL,
	"set_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "check_threshold_check_id_target_object_key_pk" PRIMARY KEY("check_id","target","object_key")
);
--> statement-breakpoint
CREATE TABLE "approval" (
	"id" uuid PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"target" text,
	"object_type" text,
	"object_id" text,
	"object_name" text,
	"input" jsonb NOT NULL,
	"digest" text NOT NULL,
	"approver_role" text NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_by_name" text NOT NULL,
	"requested_token" uuid,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'requested' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"decided_by" uuid,
	"decided_by_name" text,
	"decided_at" timestamp with time zone,
	"comment" text,
	"executed_at" timestamp with time zone,
	"job_id" uuid,
	CONSTRAINT "approval_state" CHECK ("approval"."state" in ('requested', 'approved', 'refused', 'withdrawn', 'expired', 'executed', 'failed')),
	CONSTRAINT "approval_second_person" CHECK ("approval"."decided_by" is null or "approval"."decided_by" <> "approval"."requested_by" or "approval"."state" = 'withdrawn')
);
--> statement-breakpoint
CREATE TABLE "effect" (
	"id" uuid PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"target" text,
	"object_type" text,
	"object_id" text,
	"object_name" text,
	"job_id" uuid,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text NOT NULL,
	"input" jsonb NOT NULL,
	"state" text DEFAULT 'intended' NOT NULL,
	"intended_at" timestamp with time zone DEFAULT now() NOT NULL,
	"alive_until" timestamp with time zone NOT NULL,
	"looked_at" timestamp with time zone,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	"facts" jsonb,
	"error" jsonb,
	CONSTRAINT "effect_state" CHECK ("effect"."state" in ('intended', 'done', 'failed', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "job" (
	"id" uuid PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"name" text NOT NULL,
	"target" text,
	"object_type" text,
	"object_id" text,
	"object_name" text,
	"serial_key" text NOT NULL,
	"input" jsonb NOT NULL,
	"reason" text,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text NOT NULL,
	"schedule" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"done" double precision,
	"total" double precision,
	"unit" text,
	"progress_at" timestamp with time zone,
	"checkpoint" jsonb,
	"checkpoint_at" timestamp with time zone,
	"result" jsonb,
	"error" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"run_after" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"beat_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone,
	"cancelled_by" text,
	"keep_days" integer DEFAULT 90 NOT NULL,
	CONSTRAINT "job_state" CHECK ("job"."state" in ('waiting', 'running', 'done', 'failed', 'cancelled', 'skipped'))
);
--> statement-breakpoint
CREATE TABLE "job_attempt" (
	"job_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"worker" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"done_from" double precision,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"error" jsonb,
	CONSTRAINT "job_attempt_job_id_attempt_pk" PRIMARY KEY("job_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "job_backend" (
	"job_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"pid" integer NOT NULL,
	"backend_start" timestamp with time zone NOT NULL,
	"purpose" text NOT NULL,
	CONSTRAINT "job_backend_job_id_attempt_pid_pk" PRIMARY KEY("job_id","attempt","pid")
);
--> statement-breakpoint
CREATE TABLE "job_log" (
	"job_id" uuid NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "job_log_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"attempt" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"level" text NOT NULL,
	"message" text NOT NULL,
	CONSTRAINT "job_log_job_id_seq_pk" PRIMARY KEY("job_id","seq")
);
--> statement-breakpoint
CREATE TABLE "job_once" (
	"job_id" uuid NOT NULL,
	"key" text NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"result" jsonb,
	CONSTRAINT "job_once_job_id_key_pk" PRIMARY KEY("job_id","key")
);
--> statement-breakpoint
CREATE TABLE "schedule" (
	"name" text PRIMARY KEY NOT NULL,
	"job_name" text NOT NULL,
	"target" text,
	"input" jsonb NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"jitter_seconds" integer DEFAULT 0 NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"last_slot" timestamp with time zone
);
--> statement-breakpoint
-- Wider than before: whoever runs the version before writes what it allows.
ALTER TABLE "activity" DROP CONSTRAINT "activity_outcome";--> statement-breakpoint
ALTER TABLE "activity" ADD CONSTRAINT "activity_outcome" CHECK ("activity"."outcome" in ('success', 'refused', 'failed', 'unknown')) NOT VALID;--> statement-breakpoint
ALTER TABLE "activity" VALIDATE CONSTRAINT "activity_outcome";--> statement-breakpoint
ALTER TABLE "job_attempt" ADD CONSTRAINT "job_attempt_job_id_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."job"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_backend" ADD CONSTRAINT "job_backend_job_id_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."job"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_log" ADD CONSTRAINT "job_log_job_id_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."job"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_once" ADD CONSTRAINT "job_once_job_id_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."job"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "reauthenticated_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "check_state_bad" ON "check_state" USING btree ("target","state") WHERE "check_state"."state" <> 'ok';--> statement-breakpoint
CREATE INDEX "approval_open" ON "approval" USING btree ("state","expires_at");--> statement-breakpoint
CREATE INDEX "approval_requested" ON "approval" USING btree ("requested_at","id");--> statement-breakpoint
CREATE INDEX "effect_open" ON "effect" USING btree ("alive_until") WHERE "effect"."state" in ('intended', 'unknown');--> statement-breakpoint
CREATE INDEX "effect_intended" ON "effect" USING btree ("intended_at","id");--> statement-breakpoint
CREATE INDEX "job_created" ON "job" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "job_open" ON "job" USING btree ("state") WHERE "job"."state" in ('waiting', 'running');--> statement-breakpoint
CREATE INDEX "job_schedule" ON "job" USING btree ("schedule","created_at");