-- By which session a process is known to be there. A column without a default: ACCESS EXCLUSIVE for a moment, nothing is
-- rewritten. The version before writes no session, and is waited for as before.
ALTER TABLE "history"."instance" ADD COLUMN "session" integer;
