-- ACCESS EXCLUSIVE on the log, its branches and partitions for as long as the catalogue takes (nothing is read or
-- rewritten). Without NOT VALID the CHECK would scan every row under that lock (79 ms for
-- 200,000 rows). It keeps whoever does not know the column, such as the program of the version before when it replays
-- the quarantine, from writing a row whose salts are lost.
SET LOCAL ROLE audit_maintainer;
--> statement-breakpoint
ALTER TABLE public.audit_log
  ADD COLUMN salts bytea,
  ADD CONSTRAINT audit_log_salts_check CHECK (leaf_version < 2 OR salts IS NOT NULL AND length(salts) = 64) NOT VALID;
--> statement-breakpoint
ALTER TABLE public.audit_quarantine
  ADD COLUMN salts bytea,
  ADD CONSTRAINT audit_quarantine_salts_check
    CHECK (leaf_version < 2 OR salts IS NOT NULL AND length(salts) = 64) NOT VALID;
--> statement-breakpoint
COMMENT ON COLUMN public.audit_log.salts IS
  'From leaf_version 2: 16 random bytes each for details, target_id, outcome and correlation_id, which enter the leaf as SHA-256(salt, value). Zeros: the field was null, or is redacted.';
--> statement-breakpoint
-- What redacts an event, told by its row before and after. Only the shape is judged: that the commitment is that of the
-- value which left, whoever redacts proves by the leaf.
CREATE FUNCTION public.audit_is_redaction(
  version smallint, before jsonb, after jsonb, salts_before bytea, salts_after bytea
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
  fields constant text[] := ARRAY['details', 'target_id', 'outcome', 'correlation_id'];
  none constant bytea := '\x00000000000000000000000000000000';
  salted constant boolean := version >= 2;
  field text;
  salt_before bytea;
  salt_after bytea;
  kept boolean;
BEGIN
  IF before = after OR version NOT BETWEEN 0 AND 2
     OR before - fields - ARRAY['salts', 'actor_personal', 'target_personal']
        <> after - fields - ARRAY['salts', 'actor_personal', 'target_personal']
  THEN
    RETURN false;
  END IF;
  FOREACH field IN ARRAY ARRAY['actor_personal', 'target_personal'] LOOP
    IF after -> field <> before -> field AND after -> field <> 'null' THEN
      RETURN false;
    END IF;
  END LOOP;
  IF salted AND (length(salts_before) = 64 AND length(salts_after) = 64) IS NOT TRUE
     OR NOT salted AND salts_before IS DISTINCT FROM salts_after
  THEN
    RETURN false;
  END IF;
  FOR slot IN 1..4 LOOP
    field := fields[slot];
    kept := before ->> field IS NOT DISTINCT FROM after ->> field;
    IF salted THEN
      salt_before := substring(salts_before FROM slot * 16 - 15 FOR 16);
      salt_after := substring(salts_after FROM slot * 16 - 15 FOR 16);
      CONTINUE WHEN kept AND salt_before = salt_after;
      IF kept OR salt_before = none OR salt_after <> none OR before -> field = 'null' THEN
        RETURN false;
      END IF;
      CONTINUE WHEN field <> 'details' AND after ->> field ~ '^redacted:[0-9a-f]{64}$';
      CONTINUE WHEN field = 'details' AND after -> field ->> 'redacted' ~ '^[0-9a-f]{64}$'
        AND after -> field = jsonb_build_object('redacted', after -> field ->> 'redacted');
      RETURN false;
    END IF;
    CONTINUE WHEN kept OR after -> field = CASE field WHEN 'details' THEN '{"redacted": true}'::jsonb ELSE 'null' END;
    RETURN false;
  END LOOP;
  RETURN true;
END $$;
--> statement-breakpoint
-- The role itself, not its members: redacting takes SET ROLE, so that nobody does it by a statement gone astray, and a
-- superuser is refused like everybody else. The statement guard lets it through on the log alone: a branch, a partition
-- and above all a detached table, which has no row guard any more, refuse every statement that names them.
CREATE OR REPLACE FUNCTION public.audit_log_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'audit_privacy' THEN
    IF TG_LEVEL = 'STATEMENT' THEN
      IF TG_TABLE_SCHEMA = 'public' AND TG_TABLE_NAME = 'audit_log' THEN
        RETURN NULL;
      END IF;
    ELSIF public.audit_is_redaction(OLD.leaf_version, to_jsonb(OLD), to_jsonb(NEW), OLD.salts, NEW.salts) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege',
          HINT = 'Whole partitions leave through retention; single events never change, but for redactions as audit_privacy.';
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION public.audit_quarantine_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.resolved_at IS NOT NULL THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.resolved_at IS NULL
     AND to_jsonb(NEW) - 'resolved_at' - 'resolution' = to_jsonb(OLD) - 'resolved_at' - 'resolution' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND current_user = 'audit_privacy'
     AND public.audit_is_redaction(OLD.leaf_version, to_jsonb(OLD), to_jsonb(NEW), OLD.salts, NEW.salts) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '%.% keeps its events as they came: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege',
          HINT = 'Set resolved_at and resolution once; a resolved row may be deleted.';
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION public.audit_is_redaction(smallint, jsonb, jsonb, bytea, bytea) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.audit_is_redaction(smallint, jsonb, jsonb, bytea, bytea) TO audit_privacy;
--> statement-breakpoint
GRANT INSERT (salts), SELECT (salts) ON public.audit_log, public.audit_quarantine TO audit_writer;
--> statement-breakpoint
-- Whoever redacts checks the leaf, and a leaf covers every column.
REVOKE SELECT ON public.audit_log, public.audit_quarantine FROM audit_privacy;
--> statement-breakpoint
GRANT SELECT, UPDATE (details, target_id, outcome, correlation_id, salts, actor_personal, target_personal)
  ON public.audit_log, public.audit_quarantine TO audit_privacy;
--> statement-breakpoint
RESET ROLE;
