import { jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Settings of the console as a whole, one row a key; values are parsed by who reads them. */
export const settings = pgTable("settings", {
  key: text("key").primaryKey(),
  value: jsonb("value").notNull(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
  updatedBy: uuid("updated_by"),
});
