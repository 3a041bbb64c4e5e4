import { connect } from "../audit-db/connect.ts";
import { closeTargets } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import { replaceEnv } from "../env.ts";
import { upkeepJobs } from "../upkeep/jobs.ts";
import { upkeepVerbs } from "../upkeep/verbs.ts";
import { type Administration, startAdministration } from "./administration.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { addActor } from "./people.ts";
import { startTestJobs } from "./start-test-jobs.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A console whose one target, `audit`, has the audit schema, with a worker that does upkeep and nothing else. */
export interface UpkeepWorld {
  administration: Administration;
  database: TestDatabase;
  audit: AuditDb;
  operator: Actor;
  viewer: Actor;
  /** Proposes a rule and approves it. */
  approve(rule: { target: string; table: { schema: string; name: string } }): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param options.workers how many there are, in this process
 * @param options.workedOn what they have for the target; the same engine unless given
 */
export async function startUpkeepWorld(
  server: 15 | 18,
  { workers = 1, workedOn = (audit) => audit }: { workers?: number; workedOn?(audit: AuditDb): AuditDb } = {},
): Promise<UpkeepWorld> {
  const [administration, database] = await Promise.all([
    startAdministration(),
    createDatabase({ server, template: "audit" }),
  ]);
  const [watch, maintenance] = [
    await database.login(["pg_monitor"]),
    await database.login(["audit_maintainer"]),
  ];
  const audit = connect({ target: "audit", urls: { watch, maintenance }, logger: silent });
  replaceEnv({ AUDIT_DATABASE_URL: watch, AUDIT_MAINTENANCE_URL: maintenance, LOG_LEVEL: "silent" });
  const [operator, viewer] = await Promise.all([
    addActor(administration.console, "operator"),
    addActor(administration.console, "viewer"),
  ]);
  const started = Array.from({ length: workers }, (_, nth) =>
    startTestJobs(administration, upkeepJobs, (name) => (name === "audit" ? workedOn(audit) : undefined), {
      holder: `test:${process.pid}:${nth}`,
    }),
  );
  return {
    ...{ administration, database, audit, operator, viewer },
    async approve(rule) {
      const { target, table } = rule;
      const { revision } = await administration.succeed(upkeepVerbs.setUpkeep, operator, rule);
      await administration.succeed(upkeepVerbs.approveUpkeep, operator, { target, table, revision });
    },
    async close() {
      await Promise.all(started.map((worker) => worker.stop()));
      await closeTargets();
      replaceEnv({});
      await audit.close();
      await administration.close();
      await database.drop();
    },
  };
}
