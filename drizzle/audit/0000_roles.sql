-- Four group roles, none of which can log in. Roles belong to the whole server, so another database may have
-- made them already, or may be making them at this moment.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['audit_writer', 'audit_reader', 'audit_maintainer', 'audit_privacy'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
END $$;
--> statement-breakpoint
-- Tables are made as audit_maintainer, so whoever migrates must be able to become it. A superuser already can.
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
     AND NOT EXISTS (
       SELECT FROM pg_auth_members
       WHERE roleid = 'audit_maintainer'::regrole AND member = current_user::regrole
         AND coalesce((to_jsonb(pg_auth_members) ->> 'set_option')::boolean, true))
  THEN
    EXECUTE format('GRANT audit_maintainer TO %I', current_user);
  END IF;
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT has_schema_privilege('audit_maintainer', 'public', 'CREATE') THEN
    GRANT USAGE, CREATE ON SCHEMA public TO audit_maintainer;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO audit_writer, audit_reader, audit_maintainer, audit_privacy;
