CREATE TABLE "erasure" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"target" text NOT NULL,
	"policy" text NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"due_at" timestamp with time zone,
	"held_by" jsonb NOT NULL,
	"requested_by" uuid,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"approval_id" uuid,
	"job_id" uuid,
	"looked_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"marked_at" timestamp with time zone,
	"destroyed_at" timestamp with time zone,
	"entry" bigint,
	CONSTRAINT "erasure_key" UNIQUE("token","target","policy"),
	CONSTRAINT "erasure_state" CHECK ("erasure"."state" in ('asked', 'held', 'kept', 'marked', 'destroyed')),
	CONSTRAINT "erasure_destroyed" CHECK (("erasure"."state" = 'destroyed') = ("erasure"."destroyed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "ledger_mark" (
	"target" text PRIMARY KEY NOT NULL,
	"system_identifier" text,
	"timeline" integer,
	"log_oid" bigint,
	"partitions" text,
	"held_until" timestamp with time zone,
	"started_at" timestamp with time zone NOT NULL,
	"newest_entry" bigint,
	"state" text NOT NULL,
	"behind" integer NOT NULL,
	"untrusted" integer NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ledger_mark_state" CHECK ("ledger_mark"."state" in ('agrees', 'target_older', 'console_older'))
);
--> statement-breakpoint
CREATE TABLE "legal_hold" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "legal_hold_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"reason" text NOT NULL,
	"scope" jsonb NOT NULL,
	"subject" uuid,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"awaits" jsonb NOT NULL,
	"placed_by" uuid,
	"placed_by_name" text NOT NULL,
	"placed_at" timestamp with time zone NOT NULL,
	"in_force_at" timestamp with time zone,
	"released_by" uuid,
	"released_by_name" text,
	"released_at" timestamp with time zone,
	"release_reason" text,
	CONSTRAINT "legal_hold_number" UNIQUE("number"),
	CONSTRAINT "legal_hold_state" CHECK ("legal_hold"."state" in ('placing', 'in_force', 'released')),
	CONSTRAINT "legal_hold_released" CHECK (("legal_hold"."state" = 'released') = ("legal_hold"."released_at" is not null)),
	CONSTRAINT "legal_hold_second_person" CHECK ("legal_hold"."released_by" is null or "legal_hold"."placed_by" is null or "legal_hold"."released_by" <> "legal_hold"."placed_by")
);
--> statement-breakpoint
CREATE TABLE "privacy_ledger" (
	"entry" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "privacy_ledger_entry_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"target" text NOT NULL,
	"facts" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by_token" text NOT NULL,
	"receipt_id" uuid NOT NULL,
	"receipt" text,
	CONSTRAINT "privacy_ledger_receipt" UNIQUE("receipt_id"),
	CONSTRAINT "privacy_ledger_kind" CHECK ("privacy_ledger"."kind" in ('erasure', 'restriction', 'restriction_lifted', 'redaction'))
);
--> statement-breakpoint
ALTER TABLE "effect" ADD COLUMN "destroys" jsonb;--> statement-breakpoint
CREATE INDEX "erasure_open" ON "erasure" USING btree ("state","due_at") WHERE "erasure"."state" <> 'destroyed';--> statement-breakpoint
CREATE INDEX "legal_hold_standing" ON "legal_hold" USING btree ("state") WHERE "legal_hold"."state" <> 'released';--> statement-breakpoint
CREATE INDEX "privacy_ledger_event" ON "privacy_ledger" USING btree ((facts ->> 'id')) WHERE "privacy_ledger"."kind" = 'redaction';--> statement-breakpoint
CREATE INDEX "privacy_ledger_token" ON "privacy_ledger" USING btree ((facts ->> 'token')) WHERE "privacy_ledger"."kind" = 'erasure';--> statement-breakpoint
CREATE INDEX "privacy_ledger_target" ON "privacy_ledger" USING btree ("target","entry");--> statement-breakpoint
-- A person is a subject inside the vault and nowhere else: outside stand a token and a key of their own for each target
-- and retention policy, so that what one law lets go can go while another keeps the rest.
ALTER TABLE vault.subject RENAME TO subject_key;
--> statement-breakpoint
ALTER TABLE vault.subject_key RENAME CONSTRAINT subject_key TO subject_key_wrapped;
--> statement-breakpoint
ALTER TABLE vault.subject_key RENAME CONSTRAINT subject_erasing TO subject_key_erasing;
--> statement-breakpoint
ALTER TABLE vault.subject_key RENAME CONSTRAINT subject_erased TO subject_key_erased;
--> statement-breakpoint
ALTER TABLE vault.subject_key RENAME CONSTRAINT subject_pkey TO subject_key_pkey;
--> statement-breakpoint
ALTER TABLE vault.subject_key RENAME CONSTRAINT subject_key_id_key TO subject_key_key_id_key;
--> statement-breakpoint
ALTER INDEX vault.subject_master_key RENAME TO subject_key_master_key;
--> statement-breakpoint
CREATE TABLE vault.subject (
  -- Random, and without a time: nothing that stays of a destroyed key may lead here.
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- Art. 18: while it is set, rows of the subject's tokens leave every door that reads events.
  restricted_at timestamptz
);
--> statement-breakpoint
CREATE INDEX subject_restricted ON vault.subject (id) WHERE restricted_at IS NOT NULL;
--> statement-breakpoint
ALTER TABLE vault.subject_key
  -- Null once the key is destroyed: the token leads to nobody then.
  ADD COLUMN subject uuid,
  -- Both null for a key from before keys had a policy: it opens what was sealed with it, and seals nothing more.
  ADD COLUMN target text,
  -- '?': events whose policy the target does not know, which wait in quarantine.
  ADD COLUMN policy text,
  -- Set when erasure was asked for and a floor or a hold keeps the key: it opens until then, and seals nothing more.
  ADD COLUMN kept_at timestamptz,
  -- Null once destroyed, as `kept_at`: a person's other keys may have been made, or kept, in the same moment.
  ALTER COLUMN created_at DROP NOT NULL,
  ADD CONSTRAINT subject_key_place CHECK ((target IS NULL) = (policy IS NULL)),
  DROP CONSTRAINT subject_state_check,
  ADD CONSTRAINT subject_key_state CHECK (state IN ('active', 'kept', 'erasing', 'erased')),
  DROP CONSTRAINT subject_key_erasing,
  ADD CONSTRAINT subject_key_erasing CHECK ((state IN ('active', 'kept')) = (erasing_at IS NULL)),
  ADD CONSTRAINT subject_key_kept CHECK (state <> 'kept' OR kept_at IS NOT NULL),
  ADD CONSTRAINT subject_key_times CHECK (state <> 'erased' OR (created_at IS NULL AND kept_at IS NULL)) NOT VALID;
--> statement-breakpoint
ALTER TABLE vault.blind_index ADD COLUMN subject uuid REFERENCES vault.subject ON DELETE CASCADE;
--> statement-breakpoint
UPDATE vault.subject_key SET subject = gen_random_uuid() WHERE state <> 'erased';
--> statement-breakpoint
UPDATE vault.subject_key SET created_at = NULL WHERE state = 'erased';
--> statement-breakpoint
INSERT INTO vault.subject (id) SELECT subject FROM vault.subject_key WHERE subject IS NOT NULL;
--> statement-breakpoint
ALTER TABLE vault.subject_key ADD FOREIGN KEY (subject) REFERENCES vault.subject;
--> statement-breakpoint
UPDATE vault.blind_index SET subject = subject_key.subject
FROM vault.subject_key WHERE subject_key.token = blind_index.token;
--> statement-breakpoint
DELETE FROM vault.blind_index WHERE subject IS NULL;
--> statement-breakpoint
ALTER TABLE vault.blind_index ALTER COLUMN subject SET NOT NULL, DROP COLUMN token;
--> statement-breakpoint
CREATE INDEX blind_index_subject ON vault.blind_index (subject);
--> statement-breakpoint
ALTER TABLE vault.subject_key
  VALIDATE CONSTRAINT subject_key_times,
  ADD CONSTRAINT subject_key_link CHECK ((state = 'erased') = (subject IS NULL));
--> statement-breakpoint
-- One key seals what comes now.
CREATE UNIQUE INDEX subject_key_active ON vault.subject_key (subject, target, policy)
  WHERE state = 'active' AND target IS NOT NULL;
--> statement-breakpoint
CREATE INDEX subject_key_subject ON vault.subject_key (subject) WHERE subject IS NOT NULL;
--> statement-breakpoint
-- A key from before policies, or of '?', holds events of several: those of these are not shown any more, while the key
-- is kept for the others.
CREATE TABLE vault.closed_policy (
  token text NOT NULL REFERENCES vault.subject_key ON DELETE CASCADE,
  target text NOT NULL,
  policy text NOT NULL,
  closed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (token, target, policy)
);
--> statement-breakpoint
-- Art. 18 GDPR: who restricted a subject and why, and the grounds of its second paragraph under which rows are served
-- all the same.
CREATE TABLE vault.restriction (
  id uuid PRIMARY KEY,
  subject uuid REFERENCES vault.subject ON DELETE SET NULL,
  ground text NOT NULL CHECK (ground IN ('accuracy_contested', 'unlawful_processing', 'needed_for_claims', 'objection_pending')),
  reason text NOT NULL,
  placed_by uuid,
  placed_by_name text NOT NULL,
  placed_at timestamptz NOT NULL,
  lifted_by uuid,
  lifted_by_name text,
  lifted_at timestamptz,
  lift_reason text
);
--> statement-breakpoint
CREATE UNIQUE INDEX restriction_standing ON vault.restriction (subject) WHERE lifted_at IS NULL;
--> statement-breakpoint
CREATE TABLE vault.restriction_exception (
  id uuid PRIMARY KEY,
  restriction uuid NOT NULL REFERENCES vault.restriction ON DELETE CASCADE,
  -- Art. 18(2).
  ground text NOT NULL CHECK (ground IN ('consent', 'legal_claims', 'rights_of_others', 'public_interest')),
  reason text NOT NULL,
  granted_by uuid,
  granted_by_name text NOT NULL,
  granted_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
--> statement-breakpoint
ALTER TABLE "legal_hold" ADD CONSTRAINT legal_hold_subject FOREIGN KEY ("subject") REFERENCES vault.subject ON DELETE SET NULL;
--> statement-breakpoint
-- Entries stay as they were written.
CREATE FUNCTION privacy_ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the privacy ledger is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER privacy_ledger_guard_rows BEFORE UPDATE OR DELETE ON "privacy_ledger"
  FOR EACH ROW EXECUTE FUNCTION privacy_ledger_guard();
--> statement-breakpoint
CREATE TRIGGER privacy_ledger_guard_truncate BEFORE TRUNCATE ON "privacy_ledger"
  FOR EACH STATEMENT EXECUTE FUNCTION privacy_ledger_guard();
--> statement-breakpoint
ALTER TABLE "privacy_ledger" ENABLE ALWAYS TRIGGER privacy_ledger_guard_rows;
--> statement-breakpoint
ALTER TABLE "privacy_ledger" ENABLE ALWAYS TRIGGER privacy_ledger_guard_truncate;
--> statement-breakpoint
--> statement-breakpoint
CREATE OR REPLACE FUNCTION vault.refuse_to_destroy_needed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM vault.master_key WHERE id = NEW.id AND state = 'destroyed') AND (
    EXISTS (SELECT FROM vault.secret WHERE master_key_id = NEW.id)
    OR EXISTS (SELECT FROM vault.index_key WHERE master_key_id = NEW.id)
    OR EXISTS (SELECT FROM vault.subject_key WHERE master_key_id = NEW.id AND wrapped_key IS NOT NULL)) THEN
    RAISE EXCEPTION 'master key % still wraps keys', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
