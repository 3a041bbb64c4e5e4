import { openClient } from "../../audit-db/pool/open-client.ts";
import { migrateConsole } from "../../db/migrate.ts";
import { AppError } from "../../errors.ts";
import { Refusal } from "../refusal.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { ensureDatabase, ensureLogin } from "./database.ts";

const role = "console";

/** The console's database in its embedded cluster, owned by a role that can do nothing else. @returns that role's URL */
export async function prepareConsoleDatabase(cluster: Cluster, password: string): Promise<string> {
  const admin = openClient(cluster.url("postgres"), "console", { max: 1 });
  try {
    await ensureLogin(admin, { role, password, memberOf: [] });
    await ensureDatabase(admin, "console", role);
  } finally {
    await admin.end({ timeout: 2 });
  }
  const url = new URL(cluster.url("console"));
  url.username = role;
  url.password = password;
  return url.href;
}

/**
 * Applies the console's migrations.
 * @throws Refusal in words when the database is unreachable, refuses us or is too old.
 */
export async function applyConsoleMigrations(url: string): Promise<void> {
  try {
    await migrateConsole(url);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== "INTERNAL") {
      throw new Refusal(`${thrown.message} ${thrown.hint ?? ""} Then start again.`.replace("  ", " "));
    }
    throw thrown;
  }
}
