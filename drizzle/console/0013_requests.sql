CREATE TABLE "privacy_intake_source" (
	"name" text PRIMARY KEY NOT NULL,
	"enabled" boolean NOT NULL,
	"defaults" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" uuid,
	"created_by_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "privacy_package_piece" (
	"package_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"n" integer NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "privacy_package_piece_package_id_kind_n_pk" PRIMARY KEY("package_id","kind","n")
);
--> statement-breakpoint
CREATE TABLE "privacy_controller" (
	"organization" text PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"facts" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "privacy_request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "privacy_request_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"regime" text NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"resumes_at" text,
	"organizations" jsonb NOT NULL,
	"targets" jsonb NOT NULL,
	"country" text NOT NULL,
	"region" text,
	"time_zone" text NOT NULL,
	"language" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"channel" text NOT NULL,
	"reference" text,
	"source" text,
	"submitted_by" uuid,
	"submitted_by_name" text NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"sealed" "bytea",
	"due_at" timestamp with time zone,
	"standing" text,
	"duplicate_of" uuid,
	"scope_id" uuid,
	"decision" jsonb,
	"decided_by" uuid,
	"decided_by_name" text,
	"decided_at" timestamp with time zone,
	"executed_by" uuid,
	"executed_by_name" text,
	"executed_at" timestamp with time zone,
	"job_id" uuid,
	"problem" text,
	"clear_due_at" timestamp with time zone,
	"responded_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"personal_until" timestamp with time zone,
	"personal_destroyed_at" timestamp with time zone,
	CONSTRAINT "privacy_request_number" UNIQUE("number"),
	CONSTRAINT "privacy_request_reference" UNIQUE("source","reference"),
	CONSTRAINT "privacy_request_state" CHECK ("privacy_request"."state" in ('received', 'identity_pending', 'verified', 'scoping', 'decision_pending', 'approved', 'partly_refused', 'refused', 'executing', 'verifying', 'responding', 'closed', 'blocked_by_hold', 'failed', 'duplicate', 'withdrawn')),
	CONSTRAINT "privacy_request_regime" CHECK ("privacy_request"."regime" in ('eu', 'uk', 'california')),
	CONSTRAINT "privacy_request_second_person" CHECK ("privacy_request"."decided_by" is null or "privacy_request"."submitted_by" is null or "privacy_request"."decided_by" <> "privacy_request"."submitted_by")
);
--> statement-breakpoint
CREATE TABLE "privacy_request_certificate" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	"kid" text NOT NULL,
	"told" integer DEFAULT 0 NOT NULL,
	"bundle" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "privacy_request_certificate_n" UNIQUE("request_id","n")
);
--> statement-breakpoint
CREATE TABLE "privacy_request_erasure" (
	"request_id" uuid NOT NULL,
	"erasure_id" uuid NOT NULL,
	"first" boolean DEFAULT false NOT NULL,
	CONSTRAINT "privacy_request_erasure_request_id_erasure_id_pk" PRIMARY KEY("request_id","erasure_id")
);
--> statement-breakpoint
CREATE TABLE "privacy_request_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"from_state" text,
	"to_state" text,
	"actor_id" uuid,
	"actor_name" text NOT NULL,
	"actor_role" text NOT NULL,
	"facts" jsonb NOT NULL,
	"sealed" "bytea"
);
--> statement-breakpoint
CREATE TABLE "privacy_request_extension" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"ground" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "privacy_request_file" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	"added_by_name" text NOT NULL,
	"bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	"media_type" text NOT NULL,
	"sealed_name" "bytea",
	"sealed" "bytea"
);
--> statement-breakpoint
CREATE TABLE "privacy_request_identifier" (
	"request_id" uuid NOT NULL,
	"digest" "bytea" NOT NULL,
	CONSTRAINT "privacy_request_identifier_request_id_digest_pk" PRIMARY KEY("request_id","digest")
);
--> statement-breakpoint
CREATE TABLE "privacy_request_interval" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "privacy_request_interval_order" CHECK ("privacy_request_interval"."ended_at" is null or "privacy_request_interval"."ended_at" >= "privacy_request_interval"."began_at")
);
--> statement-breakpoint
CREATE TABLE "privacy_request_package" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"state" text NOT NULL,
	"job_id" uuid,
	"began_at" timestamp with time zone NOT NULL,
	"ready_at" timestamp with time zone,
	"events" bigint DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"sha256" text,
	"files" jsonb,
	"passphrase" "bytea",
	"link_digest" "bytea",
	"link_until" timestamp with time zone,
	"downloaded_at" timestamp with time zone,
	"purged_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "privacy_request_scan" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"job_id" uuid,
	"state" text NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"places" jsonb
);
--> statement-breakpoint
CREATE TABLE "privacy_request_scope" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"state" text NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone,
	"job_id" uuid,
	"targets" jsonb,
	"witness" jsonb
);
--> statement-breakpoint
ALTER TABLE "privacy_package_piece" ADD CONSTRAINT "privacy_package_piece_package_id_privacy_request_package_id_fk" FOREIGN KEY ("package_id") REFERENCES "public"."privacy_request_package"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_certificate" ADD CONSTRAINT "privacy_request_certificate_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_erasure" ADD CONSTRAINT "privacy_request_erasure_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_erasure" ADD CONSTRAINT "privacy_request_erasure_erasure_id_erasure_id_fk" FOREIGN KEY ("erasure_id") REFERENCES "public"."erasure"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_event" ADD CONSTRAINT "privacy_request_event_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_extension" ADD CONSTRAINT "privacy_request_extension_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_file" ADD CONSTRAINT "privacy_request_file_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_identifier" ADD CONSTRAINT "privacy_request_identifier_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_interval" ADD CONSTRAINT "privacy_request_interval_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_package" ADD CONSTRAINT "privacy_request_package_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_scan" ADD CONSTRAINT "privacy_request_scan_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "privacy_request_scope" ADD CONSTRAINT "privacy_request_scope_request_id_privacy_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."privacy_request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "privacy_request_open" ON "privacy_request" USING btree ("due_at") WHERE "privacy_request"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "privacy_request_personal" ON "privacy_request" USING btree ("personal_until") WHERE "privacy_request"."sealed" is not null;--> statement-breakpoint
CREATE INDEX "privacy_request_erasure_of" ON "privacy_request_erasure" USING btree ("erasure_id");--> statement-breakpoint
CREATE INDEX "privacy_request_event_of" ON "privacy_request_event" USING btree ("request_id","at");--> statement-breakpoint
CREATE INDEX "privacy_request_file_of" ON "privacy_request_file" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "privacy_request_interval_of" ON "privacy_request_interval" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "privacy_request_package_of" ON "privacy_request_package" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "privacy_request_scan_of" ON "privacy_request_scan" USING btree ("request_id","began_at");--> statement-breakpoint
CREATE INDEX "privacy_request_scope_of" ON "privacy_request_scope" USING btree ("request_id","began_at");