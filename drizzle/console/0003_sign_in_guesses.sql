CREATE TABLE "sign_in_guesses" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer NOT NULL,
	"expire" timestamp with time zone
);
--> statement-breakpoint
DROP TABLE "sign_in_throttle" CASCADE;--> statement-breakpoint
CREATE INDEX "sign_in_guesses_expire" ON "sign_in_guesses" USING btree ("expire");