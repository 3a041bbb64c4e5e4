SET LOCAL ROLE audit_maintainer;
--> statement-breakpoint
CREATE FUNCTION public.audit_log_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege',
          HINT = 'Whole partitions leave through retention; single events never change.';
END $$;
--> statement-breakpoint
-- Cloned by PostgreSQL to every partition, present and future.
CREATE TRIGGER audit_log_guard_row BEFORE UPDATE OR DELETE ON public.audit_log
  FOR EACH ROW EXECUTE FUNCTION public.audit_log_guard();
--> statement-breakpoint
-- Statement triggers are not cloned: each branch and partition gets its own when it is made.
DO $$
DECLARE
  guarded regclass;
BEGIN
  FOR guarded IN SELECT relid FROM pg_partition_tree('public.audit_log') LOOP
    EXECUTE format(
      'CREATE TRIGGER audit_log_guard_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
      'FOR EACH STATEMENT EXECUTE FUNCTION public.audit_log_guard()', guarded);
    -- ALWAYS: also while session_replication_role is replica.
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_log_guard_statement', guarded);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_log_guard_row', guarded);
  END LOOP;
END $$;
--> statement-breakpoint
CREATE FUNCTION public.audit_quarantine_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.resolved_at IS NOT NULL THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.resolved_at IS NULL
     AND to_jsonb(NEW) - 'resolved_at' - 'resolution' = to_jsonb(OLD) - 'resolved_at' - 'resolution' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '%.% keeps its events as they came: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege',
          HINT = 'Set resolved_at and resolution once; a resolved row may be deleted.';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_quarantine_guard_row BEFORE UPDATE OR DELETE ON public.audit_quarantine
  FOR EACH ROW EXECUTE FUNCTION public.audit_quarantine_guard();
--> statement-breakpoint
CREATE TRIGGER audit_quarantine_guard_statement BEFORE TRUNCATE ON public.audit_quarantine
  FOR EACH STATEMENT EXECUTE FUNCTION public.audit_quarantine_guard();
--> statement-breakpoint
ALTER TABLE public.audit_quarantine ENABLE ALWAYS TRIGGER audit_quarantine_guard_row;
--> statement-breakpoint
ALTER TABLE public.audit_quarantine ENABLE ALWAYS TRIGGER audit_quarantine_guard_statement;
--> statement-breakpoint
REVOKE ALL ON FUNCTION public.audit_log_guard(), public.audit_quarantine_guard() FROM PUBLIC;
--> statement-breakpoint
-- Every column but xact_id, so that a writer cannot choose the transaction a row claims to come from.
GRANT INSERT (id, occurred_at, recorded_at, organization_id, action, status, target_type, target_id, outcome,
              correlation_id, event_version, data_classification, retention_policy, processing_ms, details,
              actor_token, target_token),
      SELECT (retention_policy, occurred_at, id)
  ON public.audit_log TO audit_writer;
--> statement-breakpoint
GRANT INSERT (id, occurred_at, recorded_at, organization_id, action, status, target_type, target_id, outcome,
              correlation_id, event_version, data_classification, retention_policy, processing_ms, details,
              actor_token, target_token, reason),
      SELECT (retention_policy, occurred_at, id, reason, resolved_at)
  ON public.audit_quarantine TO audit_writer;
--> statement-breakpoint
GRANT SELECT ON public.audit_log, public.audit_quarantine TO audit_reader;
--> statement-breakpoint
GRANT SELECT ON public.retention_policy TO audit_writer, audit_reader, audit_privacy;
--> statement-breakpoint
GRANT SELECT (retention_policy, occurred_at, id, actor_token, target_token)
  ON public.audit_log, public.audit_quarantine TO audit_privacy;
--> statement-breakpoint
RESET ROLE;
