import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidV7 } from "./audit-db/append/uuid-v7.ts";
import { connect } from "./audit-db/connect.ts";
import { closeTargets } from "./audit-db/registry.ts";
import { systemActor } from "./auth/actor.ts";
import { createPartitions } from "./collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "./collector/sampling/catalogue.ts";
import { createCostMeter } from "./collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "./collector/sampling/run-sampler.ts";
import { closeConsoleDb, openConsoleDb } from "./db/console-db.ts";
import { env, replaceEnv } from "./env.ts";
import { reads } from "./reads.ts";
import { type ReadQuestion, runRead } from "./run-read.ts";
import { samplers } from "./samplers.ts";
import { addApproval } from "./testing/approvals.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { addJob } from "./testing/jobs.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const event = { id: uuidV7(Date.now()), occurredAt: new Date().toISOString() };
const actor = { ...systemActor("test"), id: uuidV7(Date.now()) };
const lastHour = { range: "1h" };

/** What people put on their roles; `audit_privacy` stands for any other role. */
const settings = [
  "datestyle = 'SQL, DMY'",
  "intervalstyle = 'iso_8601'",
  "bytea_output = 'escape'",
  "default_transaction_isolation = 'serializable'",
  "default_transaction_read_only = on",
  "standard_conforming_strings = off",
  "search_path = ''",
  "client_encoding = 'LATIN1'",
  "row_security = off",
  "transform_null_equals = on",
  "quote_all_identifiers = on",
  "extra_float_digits = -10",
  "statement_timeout = '50ms'",
  "timezone = 'Asia/Kolkata'",
  "exit_on_error = on",
  "role = 'audit_privacy'",
];

describe.each([15, 18] as const)("with settings on the roles of PostgreSQL %i", (server) => {
  let audit: TestDatabase;
  let console: TestDatabase;
  let roles: string[];
  let inputs: Partial<Record<keyof typeof reads, unknown>>;

  beforeAll(async () => {
    [audit, console] = await Promise.all([
      createDatabase({ server, template: "audit" }),
      createDatabase({ template: "console" }),
    ]);
    const urls = {
      AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
      AUDIT_READER_URL: await audit.login(["audit_reader"]),
      AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    };
    roles = Object.values(urls).map((url) => new URL(url).username);
    for (const role of roles) await audit.sql.unsafe(`grant audit_privacy to ${role}`);
    replaceEnv({ ...urls, CONSOLE_DATABASE_URL: console.url, LOG_LEVEL: "silent" });
    await audit.sql.unsafe(
      `select count(*) as "telltale_${audit.name}" from public.audit_log where processing_ms > $1`,
      [1],
      {
        prepare: true,
      },
    );
    const writer = connect({ target: "audit", urls: { watch: audit.url, write: audit.url }, logger: quiet });
    await writer.append([
      {
        ...event,
        organizationId: "o",
        action: "a.b",
        status: "success",
        details: { n: 1.5, at: "2026-11-05" },
      },
    ]);
    await writer.close();
    const [statement] = await audit.sql<{ key: string; queryId: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key, queryid::text as "queryId"
      from pg_stat_statements where query like ${`%telltale_${audit.name}%`} limit 1`;
    const partition = `audit_log_standard_${event.occurredAt.slice(0, 7).replace("-", "_")}`;
    const own = openConsoleDb(console.url, { max: 1 });
    const id = await addJob(own, { name: "events.purge_idempotency", target: "audit", state: "done" });
    await addApproval(own, { id });
    await own.close();
    const check = "connections.used";
    inputs = {
      event,
      job: { id },
      jobLog: { id },
      approval: { id },
      check: { check, target: "audit" },
      thresholdPreview: { check, target: "audit", warning: 0.5, critical: 0.9, unit: "ratio" },
      partition: { schema: "public", name: partition },
      partitionHistory: { schema: "public", name: partition, range: lastHour },
      seriesHistory: { series: ["database.commits", "connections.total"], range: lastHour },
      statementByQueryId: { queryId: statement?.queryId, range: lastHour },
      queryDetail: { key: statement?.key },
      partitionLanes: { root: "audit_log" },
      partitionTable: { root: "audit_log" },
      standbyStages: { standby: "none", range: lastHour },
    };
    await sampleAll(Date.now() - 20_000);
  });
  afterAll(async () => {
    await Promise.all([closeTargets(), closeConsoleDb()]);
    await Promise.all([audit?.drop(), console?.drop()]);
  });

  async function put(on: boolean): Promise<void> {
    await Promise.all([closeTargets(), closeConsoleDb()]);
    const onRoles = roles.flatMap((role) =>
      on ? settings.map((text) => `alter role ${role} set ${text}`) : [`alter role ${role} reset all`],
    );
    const onConsole = on
      ? settings.map((text) => `alter database ${console.name} set ${text}`)
      : [`alter database ${console.name} reset all`];
    await audit.sql.unsafe(onRoles.join(";"));
    await console.sql.unsafe(onConsole.join(";"));
  }

  /** Takes and stores one sample of every sampler, as the collector does. @returns how each went */
  async function sampleAll(at: number): Promise<Record<string, string>> {
    const { sql, close } = openConsoleDb(console.url, { max: 2 });
    const { AUDIT_DATABASE_URL = "", AUDIT_READER_URL } = env() as unknown as Record<string, string>;
    const watched = connect({
      target: "audit",
      urls: { watch: AUDIT_DATABASE_URL, ...(AUDIT_READER_URL && { read: AUDIT_READER_URL }) },
      logger: quiet,
    });
    try {
      await createPartitions(sql, new Date(at));
      const options = {
        ...{
          sql,
          audit: watched,
          catalogue: createCatalogue(sql),
          meter: createCostMeter(),
          clock: Date.now,
        },
        context: { instances: async () => [] },
      };
      const slot = Math.floor(at / 10_000) * 10_000;
      const outcomes: Record<string, string> = {};
      for (const sampler of samplers)
        outcomes[sampler.name] = await createSamplerRun(sampler, options)
          .take(slot, Number.POSITIVE_INFINITY)
          .catch((thrown) => String(thrown));
      return outcomes;
    } finally {
      await Promise.all([watched.close(), close()]);
    }
  }

  /** Every read of the registry, as a page asks it. */
  async function askAll(): Promise<Record<string, unknown>> {
    const answers: Record<string, unknown> = {};
    for (const [name, read] of Object.entries(reads)) {
      const input = [inputs[name as keyof typeof reads], {}, { range: lastHour }].find(
        (one) => one !== undefined && read.input.safeParse(one).success,
      );
      const question: ReadQuestion = { name, target: "audit", input };
      answers[name] = await runRead(actor, question);
    }
    return answers;
  }

  test("every read of the registry answers what it answers without them", async () => {
    let wrong: string[] | undefined;
    for (let round = 0; round < 3 && wrong?.length !== 0; round++) {
      await put(false);
      const first = await askAll();
      await put(true);
      const given = await askAll();
      await put(false);
      const second = await askAll();
      const failing = Object.entries(first).flatMap(([name, answer]) =>
        (answer as { ok: boolean }).ok ? [] : [name],
      );
      expect(failing).toEqual([]);
      // What moves by itself, as other sessions and counters do, is no witness.
      const moving = differences(first, second);
      const found = differences(first, given).filter(
        (path) => !moving.some((moved) => path === moved || path.startsWith(`${moved}.`)),
      );
      wrong = wrong?.filter((path) => found.includes(path)) ?? found;
    }
    expect(wrong).toEqual([]);
  });

  test("every sampler's sample is stored, and events are written and verify", async () => {
    await put(true);
    try {
      const outcomes = await sampleAll(Date.now());
      expect(outcomes).toEqual(Object.fromEntries(samplers.map(({ name }) => [name, "stored"])));
      const { AUDIT_DATABASE_URL = "", AUDIT_WRITER_URL = "" } = env() as unknown as Record<string, string>;
      const writer = connect({
        target: "audit",
        urls: { watch: AUDIT_DATABASE_URL, write: AUDIT_WRITER_URL },
        logger: quiet,
      });
      const key = { id: uuidV7(Date.now()), occurredAt: new Date().toISOString() };
      const given = {
        ...key,
        organizationId: "o",
        action: "a.b",
        status: "success" as const,
        details: { b: "\\ \u00fc" },
      };
      try {
        expect(await writer.append([given])).toMatchObject([{ outcome: "stored" }]);
        expect(await writer.append([given])).toMatchObject([{ outcome: "duplicate" }]);
      } finally {
        await writer.close();
      }
      expect(await runRead(actor, { name: "event", target: "audit", input: key })).toMatchObject({
        ok: true,
        data: { check: "matches", details: { b: "\\ \u00fc" } },
      });
    } finally {
      await put(false);
    }
  });
});

/** Paths at which two answers differ; one for the whole of a list whose length differs. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other)
    return Object.is(one, other) ? [] : [path];
  if (one instanceof Date || other instanceof Date) return String(one) === String(other) ? [] : [path];
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return [path];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) =>
    differences(
      (one as Record<string, unknown>)[name],
      (other as Record<string, unknown>)[name],
      path ? `${path}.${name}` : name,
    ),
  );
}
