SET LOCAL ROLE audit_maintainer;
--> statement-breakpoint
-- A constant default is no rewrite. Rows from before have leaf_version 0: no leaf was made when they were written.
ALTER TABLE public.audit_log
  ADD COLUMN actor_personal bytea,
  ADD COLUMN actor_digest bytea,
  ADD COLUMN target_personal bytea,
  ADD COLUMN target_digest bytea,
  ADD COLUMN leaf_version smallint NOT NULL DEFAULT 0,
  ADD COLUMN leaf bytea NOT NULL DEFAULT '',
  ADD CONSTRAINT audit_log_leaf_check CHECK (length(leaf) = CASE WHEN leaf_version = 0 THEN 0 ELSE 32 END),
  ADD CONSTRAINT audit_log_digest_check
    CHECK ((actor_personal IS NULL OR length(actor_digest) = 32) AND (target_personal IS NULL OR length(target_digest) = 32));
--> statement-breakpoint
ALTER TABLE public.audit_log ALTER COLUMN leaf_version DROP DEFAULT, ALTER COLUMN leaf DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE public.audit_quarantine
  ADD COLUMN actor_personal bytea,
  ADD COLUMN actor_digest bytea,
  ADD COLUMN target_personal bytea,
  ADD COLUMN target_digest bytea,
  ADD COLUMN leaf_version smallint NOT NULL DEFAULT 0,
  ADD COLUMN leaf bytea NOT NULL DEFAULT '',
  DROP CONSTRAINT audit_quarantine_reason_check,
  ADD CONSTRAINT audit_quarantine_reason_check
    CHECK (reason IN ('unknown_policy', 'no_partition', 'too_far_ahead', 'fenced'));
--> statement-breakpoint
ALTER TABLE public.audit_quarantine ALTER COLUMN leaf_version DROP DEFAULT, ALTER COLUMN leaf DROP DEFAULT;
--> statement-breakpoint
COMMENT ON COLUMN public.audit_log.leaf IS
  'SHA-256 over every column but the ciphertexts (their digests instead) and xact_id; leaf_version names the encoding.';
--> statement-breakpoint
COMMENT ON COLUMN public.audit_log.actor_personal IS
  'The actor''s personal fields under their own key: version, key id, nonce, commitment, AES-256-GCM.';
--> statement-breakpoint
COMMENT ON COLUMN public.audit_log.target_personal IS
  'The personal fields of a person the event is about, under that person''s key.';
--> statement-breakpoint
CREATE TABLE public.audit_fence (
  retention_policy text NOT NULL REFERENCES public.retention_policy,
  lower timestamptz NOT NULL,
  upper timestamptz NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (retention_policy, lower),
  CHECK (lower < upper)
);
--> statement-breakpoint
COMMENT ON TABLE public.audit_fence IS
  'Ranges that take no more events while they are archived or dropped; what comes late waits in audit_quarantine.';
--> statement-breakpoint
CREATE TABLE public.audit_idempotency (
  scope text NOT NULL,
  key text NOT NULL,
  request_digest bytea NOT NULL,
  results jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
--> statement-breakpoint
CREATE INDEX audit_idempotency_created_at_idx ON public.audit_idempotency (created_at);
--> statement-breakpoint
COMMENT ON TABLE public.audit_idempotency IS
  'What an append under an Idempotency-Key answered, written in the same transaction; kept for seven days.';
--> statement-breakpoint
GRANT INSERT (actor_personal, actor_digest, target_personal, target_digest, leaf_version, leaf),
      SELECT (recorded_at, leaf_version, leaf)
  ON public.audit_log TO audit_writer;
--> statement-breakpoint
GRANT INSERT (actor_personal, actor_digest, target_personal, target_digest, leaf_version, leaf),
      SELECT (recorded_at, leaf_version, leaf)
  ON public.audit_quarantine TO audit_writer;
--> statement-breakpoint
GRANT SELECT ON public.audit_fence TO audit_writer, audit_reader, audit_privacy;
--> statement-breakpoint
GRANT SELECT, INSERT ON public.audit_idempotency TO audit_writer;
--> statement-breakpoint
RESET ROLE;
