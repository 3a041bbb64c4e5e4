import { defineConfig } from "drizzle-kit";

/**
 * `drizzle-kit generate --name NAME` writes the console's next migration. Partitioned tables of the history
 * and the vault are SQL by hand (drizzle knows no PARTITION BY and no bytea) and stand outside the snapshot.
 */
export default defineConfig({
  dialect: "postgresql",
  schema: "./drizzle/console/schema/*.ts",
  out: "./drizzle/console",
});
