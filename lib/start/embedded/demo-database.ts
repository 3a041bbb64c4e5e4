import { openClient } from "../../audit-db/pool/open-client.ts";
import { migrateAudit } from "../../audit-db/schema/migrate.ts";
import { isOutdatedDemo } from "../../demo/is-outdated.ts";
import { markDemoDatabase } from "../../demo/own-database.ts";
import { removeProgress } from "../../demo/progress-file.ts";
import type { Target } from "../../env/targets.ts";
import type { Say } from "../terminal.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { ensureDatabase, ensureLogin } from "./database.ts";

export const demoTarget = "demo";
const database = "audit";

/** One login role per purpose, each with no more than that purpose needs in production. */
const logins = {
  watch: { role: "demo_watch", memberOf: ["pg_monitor", "audit_reader"] },
  reader: { role: "demo_reader", memberOf: ["audit_reader"] },
  writer: { role: "demo_writer", memberOf: ["audit_writer"] },
  maintenance: {
    role: "demo_maintenance",
    memberOf: ["audit_maintainer", "pg_signal_backend", "pg_read_all_stats"],
  },
  privacy: { role: "demo_privacy", memberOf: ["audit_privacy"] },
  explain: { role: "demo_explain", memberOf: [] },
};
export type DemoPurpose = keyof typeof logins;

export interface DemoDatabase {
  target: Target;
  urls: Record<DemoPurpose, string>;
}

/**
 * Makes the demo's database in its embedded cluster: schema, extension, and a role for each purpose. Safe to repeat.
 * One that an older program filled is made anew.
 */
export async function prepareDemoDatabase(
  cluster: Pick<Cluster, "url">,
  options: { dataDir: string; passwordOf: (role: string) => string; say: Say },
): Promise<DemoDatabase> {
  const { dataDir, passwordOf } = options;
  const admin = openClient(cluster.url("postgres"), "console", { max: 1 });
  try {
    await ensureDatabase(admin, database);
    if (await isOutdated(cluster.url(database), dataDir)) {
      options.say("the demo's events are an older program's: making its database anew");
      await admin`drop database ${admin(database)} with (force)`;
      // Only now: as long as the database stands, a start that was cut off must find it outdated again.
      removeProgress(dataDir);
      await ensureDatabase(admin, database);
    }
    await migrateAudit(cluster.url(database));
    for (const login of Object.values(logins)) {
      await ensureLogin(admin, { ...login, password: passwordOf(login.role) });
      await admin`grant connect on database ${admin(database)} to ${admin(login.role)}`;
    }
  } finally {
    await admin.end({ timeout: 2 });
  }
  await completeDatabase(cluster.url(database), logins.explain.role);
  const url = (purpose: DemoPurpose) => {
    const { role } = logins[purpose];
    const made = new URL(cluster.url(database));
    made.username = role;
    made.password = passwordOf(role);
    return made.href;
  };
  const urls = {
    watch: url("watch"),
    reader: url("reader"),
    writer: url("writer"),
    maintenance: url("maintenance"),
    privacy: url("privacy"),
    explain: url("explain"),
  };
  return {
    urls,
    target: {
      name: demoTarget,
      watchUrl: urls.watch,
      replicaUrls: [],
      readerUrl: urls.reader,
      writerUrl: urls.writer,
      maintenanceUrl: urls.maintenance,
      privacyUrl: urls.privacy,
      explainUrl: urls.explain,
      demo: true,
    },
  };
}

async function isOutdated(url: string, dataDir: string): Promise<boolean> {
  const sql = openClient(url, "console", { max: 1 });
  try {
    return await isOutdatedDemo(sql, dataDir);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

async function completeDatabase(url: string, explainRole: string): Promise<void> {
  const sql = openClient(url, "console", { max: 1 });
  try {
    await sql`create extension if not exists pg_stat_statements`;
    // By name, since this role must be a member of none; the tables are those that audit_reader reads.
    await sql`grant usage on schema public to ${sql(explainRole)}`;
    await sql`
      grant select on audit_log, audit_quarantine, retention_policy, audit_fence to ${sql(explainRole)}`;
    await markDemoDatabase(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}
