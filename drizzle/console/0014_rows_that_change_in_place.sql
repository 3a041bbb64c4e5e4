-- Each round of evaluation writes rows that stand already: in place (HOT) where no index names what changes and the page
-- has room. No statement asks for what is bad by check_state_bad any more; incident_changed served one order of a list of
-- at most some ten thousand rows, and cost each change of an incident an entry in all five of its indexes.
-- ACCESS EXCLUSIVE on check_state and incident for a moment (a catalogue change), SHARE UPDATE EXCLUSIVE on the others.
-- Room is left in pages as rows come and go; nothing is rewritten. The version before needs none of it.
DROP INDEX "check_state_bad";--> statement-breakpoint
DROP INDEX "incident_changed";--> statement-breakpoint
ALTER TABLE "check_evaluation" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "check_state" SET (fillfactor = 80);--> statement-breakpoint
ALTER TABLE "incident" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "alert" SET (fillfactor = 80);
