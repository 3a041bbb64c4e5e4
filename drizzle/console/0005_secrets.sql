-- Every further key of the console (signing keys, webhook secrets, passwords of targets, request keys), wrapped by a
-- master key for its purpose, name and id: a row does not open in another's place.
CREATE TABLE vault.secret (
  id uuid PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose ~ '^[a-z][a-z0-9_]{0,62}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  wrapped_key bytea NOT NULL,
  master_key_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT secret_name UNIQUE (purpose, name)
);
--> statement-breakpoint
CREATE INDEX secret_master_key ON vault.secret (master_key_id);
--> statement-breakpoint
-- What was signed must be verifiable for as long as anybody holds it: public keys are never deleted.
CREATE TABLE vault.public_key (
  kid text PRIMARY KEY CHECK (kid ~ '^[A-Za-z0-9_-]{43}$'),
  jwk jsonb NOT NULL,
  active_from timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz,
  CONSTRAINT public_key_retired CHECK (retired_at >= active_from)
);
--> statement-breakpoint
CREATE UNIQUE INDEX public_key_active ON vault.public_key ((true)) WHERE retired_at IS NULL;
--> statement-breakpoint
CREATE FUNCTION vault.public_keys_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.retired_at IS NULL
    AND ROW(NEW.kid, NEW.jwk, NEW.active_from) IS NOT DISTINCT FROM ROW(OLD.kid, OLD.jwk, OLD.active_from) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'public keys are kept for good: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER public_key_guard_rows BEFORE UPDATE OR DELETE ON vault.public_key
  FOR EACH ROW EXECUTE FUNCTION vault.public_keys_stay();
--> statement-breakpoint
CREATE TRIGGER public_key_guard_truncate BEFORE TRUNCATE ON vault.public_key
  FOR EACH STATEMENT EXECUTE FUNCTION vault.public_keys_stay();
--> statement-breakpoint
ALTER TABLE vault.public_key ENABLE ALWAYS TRIGGER public_key_guard_rows;
--> statement-breakpoint
ALTER TABLE vault.public_key ENABLE ALWAYS TRIGGER public_key_guard_truncate;
--> statement-breakpoint
-- A worker of the version before knows nothing of secrets: it may not destroy what wraps them either. Looked at when
-- the transaction commits: rotation marks first and takes back what is still needed.
CREATE FUNCTION vault.refuse_to_destroy_needed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM vault.master_key WHERE id = NEW.id AND state = 'destroyed') AND (
    EXISTS (SELECT FROM vault.secret WHERE master_key_id = NEW.id)
    OR EXISTS (SELECT FROM vault.index_key WHERE master_key_id = NEW.id)
    OR EXISTS (SELECT FROM vault.subject WHERE master_key_id = NEW.id AND wrapped_key IS NOT NULL)) THEN
    RAISE EXCEPTION 'master key % still wraps keys', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER master_key_needed AFTER UPDATE ON vault.master_key
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'destroyed')
  EXECUTE FUNCTION vault.refuse_to_destroy_needed();
