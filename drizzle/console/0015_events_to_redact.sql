-- Events that a scope finds in clear, a row each. A new table: SHARE ROW EXCLUSIVE on privacy_request_scope for a moment, for
-- the foreign key. The version before knows nothing of it and goes on naming events in the scope itself, which are made
-- rows of when the request is carried out.
CREATE TABLE "privacy_request_clear" (
	"scope_id" uuid NOT NULL,
	"target" text NOT NULL,
	"policy" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"event_id" uuid NOT NULL,
	"fields" jsonb NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "privacy_request_clear_pk" PRIMARY KEY("scope_id","target","policy","occurred_at","event_id")
);
--> statement-breakpoint
ALTER TABLE "privacy_request_clear" ADD CONSTRAINT "privacy_request_clear_scope_id_privacy_request_scope_id_fk" FOREIGN KEY ("scope_id") REFERENCES "public"."privacy_request_scope"("id") ON DELETE no action ON UPDATE no action;