import { defineConfig } from "drizzle-kit";

/**
 * `drizzle-kit generate --name NAME` writes the console's next migration. Partitioned tables of the history
 * are SQL by hand (drizzle knows no PARTITION BY) and stand outside the snapshot.
 */
export default defineConfig({
  dialect: "postgresql",
  schema: "./drizzle/console/schema/*.ts",
  out: "./drizzle/console",
});
