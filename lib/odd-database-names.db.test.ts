import { execFile } from "node:child_process";
import path from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { answerRead } from "./api/answer-read.ts";
import { endpoints } from "./api/endpoints.ts";
import { uuidV7 } from "./audit-db/append/uuid-v7.ts";
import { connect } from "./audit-db/connect.ts";
import { closeTargets } from "./audit-db/registry.ts";
import { type Actor, systemActor } from "./auth/actor.ts";
import { createPartitions } from "./collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "./collector/sampling/catalogue.ts";
import { createCostMeter } from "./collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "./collector/sampling/run-sampler.ts";
import { closeConsoleDb, openConsoleDb } from "./db/console-db.ts";
import { openQueuePool } from "./db/queue-pool.ts";
import { replaceEnv } from "./env.ts";
import { reads } from "./reads.ts";
import { runRead } from "./run-read.ts";
import { samplers } from "./samplers.ts";
import { compileCache } from "./testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const actor: Actor = { ...systemActor("test"), id: uuidV7(Date.now()), kind: "token", role: "admin" };
const open: TestDatabase[] = [];

afterEach(async () => {
  await Promise.all([closeTargets(), closeConsoleDb()]);
  await Promise.all(open.splice(0).map((database) => database.drop()));
});
afterAll(closeTargets);

/** The real program, with nothing in its environment but what is given. */
function runCli(args: string[], environment: Record<string, string>): Promise<unknown> {
  const main = path.resolve(import.meta.dirname, "cli/main.ts");
  const env = { NODE_ENV: "test" as const, ...compileCache, PATH: process.env.PATH, ...environment };
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [main, ...args, "--json"], { env, timeout: 60_000 }, (_, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error(stderr));
      }
    }),
  );
}

/** A space, a slash, what looks escaped, quotes, what ends a part of a URL, and what no encoding but UTF-8 has. */
const oddNames = [` my ü/%2F+"q"?x=1&y#z's:@[,]\\`];

test.each(oddNames)(
  "a database whose name ends in%s is watched whole, by a console whose database is called so too",
  async (named) => {
    const [audit, console] = await Promise.all([
      createDatabase({ template: "audit", named }),
      createDatabase({ template: "console", named }),
    ]);
    open.push(audit, console);
    const [own] = await audit.sql<{ name: string }[]>`select current_database() as name`;
    expect(own?.name.endsWith(named)).toBe(true);
    const environment = {
      AUDIT_DATABASE_URL: await audit.login(["pg_monitor", "audit_reader"]),
      AUDIT_READER_URL: await audit.login(["audit_reader"]),
      AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
      CONSOLE_DATABASE_URL: console.url,
      LOG_LEVEL: "silent",
    };
    replaceEnv(environment);

    // The collector.
    const consoleDb = openConsoleDb(console.url, { max: 2 });
    const watched = connect({
      target: "audit",
      urls: { watch: environment.AUDIT_DATABASE_URL, write: environment.AUDIT_WRITER_URL },
      logger: quiet,
    });
    try {
      await createPartitions(consoleDb.sql, new Date());
      const options = {
        sql: consoleDb.sql,
        audit: watched,
        catalogue: createCatalogue(consoleDb.sql),
        meter: createCostMeter(),
        clock: Date.now,
        context: { instances: async () => [] },
      };
      const outcomes = await Promise.all(
        samplers.map(async (sampler) => [
          sampler.name,
          await createSamplerRun(sampler, options)
            .take(Math.floor(Date.now() / 10_000) * 10_000, Number.POSITIVE_INFINITY)
            .catch(String),
        ]),
      );
      expect(outcomes).toEqual(samplers.map(({ name }) => [name, "stored"]));
      const event = { organizationId: "o", action: "a.b", status: "success" as const };
      expect(await watched.append([event])).toMatchObject([{ outcome: "stored" }]);
      expect((await watched.server()).database).toBe(audit.name);
    } finally {
      await Promise.all([watched.close(), consoleDb.close()]);
    }

    // What pages ask, that can be asked without naming an object.
    const failed: string[] = [];
    for (const [name, read] of Object.entries(reads)) {
      const input = [{}, { range: { range: "1h" } }].find((one) => read.input.safeParse(one).success);
      if (input === undefined) continue;
      const answer = await runRead(actor, { name, target: "audit", input });
      if (!answer.ok) failed.push(`${name}: ${answer.error.message}`);
    }
    expect(failed).toEqual([]);

    // The API and the command line.
    for (const name of [
      "overview",
      "connections",
      "partitions",
      "queries",
      "checks",
      "capabilities",
    ] as const) {
      const request = { actor, url: "http://console/api", parameters: { target: "audit" } };
      const response = await answerRead(endpoints[name], request);
      expect([name, response.status]).toEqual([name, 200]);
    }
    expect(await runCli(["status"], environment)).toMatchObject({
      targets: [{ state: "up", database: audit.name }],
    });
    expect(await runCli(["doctor"], environment)).toMatchObject({
      console: { configured: true, reason: null },
      targets: [{ status: { state: "up" }, addresses: [{ purpose: "watch", database: audit.name }, {}, {}] }],
    });

    // The queue of jobs.
    const queue = openQueuePool(console.url, console.sql);
    try {
      expect((await queue.executeSql("select current_database() as name")).rows).toEqual([
        { name: console.name },
      ]);
    } finally {
      await queue.close();
    }
  },
);
