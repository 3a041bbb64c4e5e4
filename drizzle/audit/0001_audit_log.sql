SET LOCAL ROLE audit_maintainer;
--> statement-breakpoint
CREATE TABLE public.retention_policy (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,30}$'),
  data_classification text NOT NULL
    CHECK (data_classification IN ('PUBLIC', 'INTERNAL', 'CONFIDENTIAL', 'PHI')),
  floor_days integer NOT NULL CHECK (floor_days >= 0),
  ceiling_days integer CHECK (ceiling_days >= floor_days),
  archive_after_days integer CHECK (archive_after_days >= 0),
  legal_basis text NOT NULL,
  partition_interval text NOT NULL DEFAULT 'month'
    CHECK (partition_interval IN ('day', 'week', 'month', 'quarter')),
  created_at timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
COMMENT ON TABLE public.retention_policy IS
  'How long events are kept. Ages are measured at the upper bound of a partition: whole partitions leave together.';
--> statement-breakpoint
COMMENT ON COLUMN public.retention_policy.floor_days IS 'A partition may not be dropped before this age.';
--> statement-breakpoint
COMMENT ON COLUMN public.retention_policy.ceiling_days IS
  'A partition must be gone at this age, unless a hold covers it. Null: no ceiling.';
--> statement-breakpoint
COMMENT ON COLUMN public.retention_policy.archive_after_days IS 'A partition may be archived from this age on.';
--> statement-breakpoint
INSERT INTO public.retention_policy
  (name, data_classification, floor_days, ceiling_days, archive_after_days, legal_basis)
VALUES
  ('standard', 'INTERNAL', 2555, 2555, 365, 'Commercial and tax record keeping, seven years'),
  ('phi', 'PHI', 2555, 2555, 365, 'Health record access logs, seven years'),
  ('minimal', 'PUBLIC', 90, 90, 30, 'Operation of the service, ninety days'),
  ('confidential', 'CONFIDENTIAL', 1825, 1825, 365, 'Establishment and defence of legal claims, five years');
--> statement-breakpoint
CREATE TABLE public.audit_log (
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  organization_id text NOT NULL,
  action text NOT NULL,
  status text NOT NULL CONSTRAINT audit_log_status_check CHECK (status IN ('attempt', 'success', 'failure')),
  target_type text,
  target_id text,
  outcome text,
  correlation_id text,
  event_version smallint NOT NULL,
  data_classification text NOT NULL CONSTRAINT audit_log_data_classification_check
    CHECK (data_classification IN ('PUBLIC', 'INTERNAL', 'CONFIDENTIAL', 'PHI')),
  retention_policy text NOT NULL,
  processing_ms integer,
  details jsonb NOT NULL,
  actor_token text,
  target_token text,
  xact_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (retention_policy, occurred_at, id)
) PARTITION BY LIST (retention_policy);
--> statement-breakpoint
COMMENT ON TABLE public.audit_log IS
  'What happened, append-only. One branch for each retention policy, each partitioned by occurred_at in UTC. No default partition: what fits nowhere goes to audit_quarantine.';
--> statement-breakpoint
COMMENT ON COLUMN public.audit_log.xact_id IS
  'The transaction that wrote the row: rows below pg_snapshot_xmin() can no longer be joined by others.';
--> statement-breakpoint
CREATE INDEX audit_log_occurred_at_idx ON public.audit_log (occurred_at);
--> statement-breakpoint
CREATE INDEX audit_log_organization_id_idx ON public.audit_log (organization_id, occurred_at);
--> statement-breakpoint
CREATE INDEX audit_log_actor_token_idx ON public.audit_log (actor_token, occurred_at);
--> statement-breakpoint
CREATE INDEX audit_log_target_token_idx ON public.audit_log (target_token, occurred_at)
  WHERE target_token IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_log_correlation_id_idx ON public.audit_log (correlation_id) WHERE correlation_id IS NOT NULL;
--> statement-breakpoint
-- BRIN has no operator class for xid8; the cast to bigint keeps its order.
CREATE INDEX audit_log_xact_id_idx ON public.audit_log USING brin (((xact_id::text)::bigint));
--> statement-breakpoint
CREATE TABLE public.audit_log_standard PARTITION OF public.audit_log
  FOR VALUES IN ('standard') PARTITION BY RANGE (occurred_at);
--> statement-breakpoint
CREATE TABLE public.audit_log_phi PARTITION OF public.audit_log
  FOR VALUES IN ('phi') PARTITION BY RANGE (occurred_at);
--> statement-breakpoint
CREATE TABLE public.audit_log_minimal PARTITION OF public.audit_log
  FOR VALUES IN ('minimal') PARTITION BY RANGE (occurred_at);
--> statement-breakpoint
CREATE TABLE public.audit_log_confidential PARTITION OF public.audit_log
  FOR VALUES IN ('confidential') PARTITION BY RANGE (occurred_at);
--> statement-breakpoint
CREATE TABLE public.audit_quarantine (
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  organization_id text NOT NULL,
  action text NOT NULL,
  status text NOT NULL,
  target_type text,
  target_id text,
  outcome text,
  correlation_id text,
  event_version smallint NOT NULL,
  data_classification text NOT NULL,
  retention_policy text NOT NULL,
  processing_ms integer,
  details jsonb NOT NULL,
  actor_token text,
  target_token text,
  reason text NOT NULL CONSTRAINT audit_quarantine_reason_check
    CHECK (reason IN ('unknown_policy', 'no_partition', 'too_far_ahead')),
  quarantined_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  resolution text,
  PRIMARY KEY (id, occurred_at, retention_policy)
);
--> statement-breakpoint
COMMENT ON TABLE public.audit_quarantine IS
  'Events that audit_log cannot take yet, with the reason. Nothing is lost; a row may go once it is resolved.';
--> statement-breakpoint
CREATE INDEX audit_quarantine_open_idx ON public.audit_quarantine (quarantined_at) WHERE resolved_at IS NULL;
--> statement-breakpoint
RESET ROLE;
