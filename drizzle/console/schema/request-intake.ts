import { boolean, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** Who answers for an organisation's data, and what letters say of it. `*`: whoever has no row of their own. */
export const privacyController = pgTable("privacy_controller", {
  organization: text("organization").primaryKey(),
  version: integer("version").notNull().default(1),
  /** `Controller` of lib/requests/controller.ts. */
  facts: jsonb("facts").notNull(),
  changedAt: at("changed_at").notNull(),
  changedByName: text("changed_by_name").notNull(),
});

/** A ticketing system that may send requests; its secret is `webhook_secret` of the vault, by its name. */
export const intakeSource = pgTable("privacy_intake_source", {
  name: text("name").primaryKey(),
  enabled: boolean("enabled").notNull(),
  /** What is missing in what it sends: `IntakeDefaults` of lib/requests/intake.ts. */
  defaults: jsonb("defaults").notNull(),
  createdAt: at("created_at").notNull(),
  createdBy: uuid("created_by"),
  createdByName: text("created_by_name").notNull(),
});
