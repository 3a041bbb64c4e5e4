import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "./audit-db/connect.ts";
import { closeTargets } from "./audit-db/registry.ts";
import type { AuditDb } from "./audit-db/types.ts";
import { checks } from "./checks.ts";
import { createHistory } from "./collector/history/history.ts";
import { getLongestTransactions } from "./connections/get-longest-transactions.ts";
import { replaceEnv } from "./env.ts";
import { statementTextSize } from "./queries/check-text-size.ts";
import { getStatementLabels } from "./queries/get-labels.ts";
import { getRunningQueries } from "./queries/get-running-queries.ts";
import { getStatements } from "./queries/get-statements.ts";
import { getTopQueries } from "./queries/get-top-queries.ts";
import { sampleStatementTotals } from "./queries/samplers.ts";
import type { ReadResult } from "./result.ts";
import { samplers } from "./samplers.ts";
import { askAll, quiet, sampleAll } from "./testing/ask-everything.ts";
import { compileCache } from "./testing/compile-cache.ts";
import { type ForeignServer, startForeignServer } from "./testing/foreign-server.ts";
import { lookAt } from "./testing/look.ts";

/** Functions that a managed service refuses to everybody. */
const refused = {
  "pg_current_wal_lsn()": "pg_lsn",
  "pg_current_wal_insert_lsn()": "pg_lsn",
  "pg_last_wal_replay_lsn()": "pg_lsn",
  "pg_ls_waldir()": "table (name text, size bigint, modification timestamptz)",
  "pg_ls_archive_statusdir()": "table (name text, size bigint, modification timestamptz)",
};
const words = "is not supported by this managed service";

describe.each([15, 18] as const)("a server of somebody else's, PostgreSQL %i", (version) => {
  let server: ForeignServer;
  let slot = 0;
  /** A slot of its own for each round of samples. */
  const nextSlot = () => {
    slot = slot === 0 ? Date.now() - 20_000 : slot + 10_000;
    return slot;
  };
  const at = (database: string, user?: string) => server.at(database, user);

  beforeAll(async () => {
    server = await startForeignServer(version);
  });
  afterAll(() => server?.close());

  const failing = (answers: Record<string, ReadResult<unknown>>) =>
    Object.entries(answers).flatMap(([name, answer]) => (answer.ok ? [] : [[name, answer.error]]));

  /** Ids of checks that could not be evaluated, with why. */
  async function failingChecks(url: string): Promise<string[]> {
    const audit = connect({ target: "audit", urls: { watch: url }, logger: quiet });
    try {
      const evaluations = await lookAt(checks, { audit, history: createHistory(server.console.sql) });
      return evaluations.flatMap(({ check, error }) => (error ? [`${check.id}: ${error.message}`] : []));
    } finally {
      await audit.close();
    }
  }

  test("texts that are no UTF-8 cost no read, sample or check its figures", async () => {
    const outcomes = await sampleAll(server.console.url, nextSlot());
    expect(outcomes).toEqual(
      Object.fromEntries([...samplers, { name: "collector" }].map(({ name }) => [name, "stored"])),
    );
    const answers = await askAll(server.inputs);
    expect(failing(answers)).toEqual([]);
    expect(await failingChecks(at("audit", "watcher"))).toEqual([]);
  });

  test("the rows with such texts are there, with their figures and what to do", async () => {
    const answers = await askAll(server.inputs);
    expect(answers.runningQueries).toMatchObject({
      missing: [
        {
          reason:
            "3 texts are not valid UTF-8, from ascii; each byte that cannot be read is shown as �. Figures are complete.",
          hint: expect.stringContaining("client_encoding"),
        },
      ],
      data: {
        queries: expect.arrayContaining([
          expect.objectContaining({
            application: "idle",
            database: "ascii",
            text: "select 'idle', 'caf�'",
            textIntact: false,
            seconds: expect.any(Number),
          }),
        ]),
      },
    });
    expect(answers.topQueries).toMatchObject({
      missing: [
        {
          part: "Statement texts",
          reason: expect.stringMatching(
            /It comes from a database of another encoding: ascii \(SQL_ASCII\), \d+ statements/,
          ),
          hint: expect.stringMatching(/SELECT public\.pg_stat_statements_reset\(0, \d+, 0\);/),
          server: { sqlState: "22021", message: expect.stringContaining('encoding "UTF8"') },
        },
      ],
      data: { totals: { calls: expect.any(Number) }, queries: expect.any(Array) },
    });
    expect((answers.topQueries as { data: { queries: unknown[] } }).data.queries.length).toBeGreaterThan(5);
    const { topQueries } = await askAll(server.inputs, "viewer");
    expect((topQueries as unknown as { missing: object[] }).missing[0]).not.toHaveProperty("server");
  });

  test("the command line tells them as well, with the server's words", async () => {
    const main = path.resolve(import.meta.dirname, "cli/main.ts");
    const env: NodeJS.ProcessEnv = {
      ...compileCache,
      NODE_ENV: "test",
      PATH: process.env.PATH,
      LOG_LEVEL: "silent",
      AUDIT_DATABASE_URL: at("audit", "watcher"),
      CONSOLE_DATABASE_URL: server.console.url,
    };
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [main, "queries", "top", ...args], { env, timeout: 60_000 });
    const [text, json] = [await run(), await run("--json")];
    expect(text.stdout).toMatch(/^Statement texts cannot be read: .* ascii \(SQL_ASCII\)/);
    expect(text.stdout).toMatch(
      /\nThe server said: invalid byte sequence for encoding "UTF8": .* \(SQLSTATE 22021\)\n/,
    );
    expect(JSON.parse(json.stdout).missing).toMatchObject([
      { part: "Statement texts", server: { sqlState: "22021" } },
    ]);
  });

  test("in a database that is SQL_ASCII itself they are read byte by byte", async () => {
    const audit: AuditDb = connect({
      target: "ascii",
      urls: { watch: at("ascii", "watcher") },
      logger: quiet,
    });
    try {
      const { data } = await getRunningQueries(audit, { hideOwn: true });
      expect(data.queries.map(({ application, textIntact }) => [application, textIntact]).toSorted()).toEqual(
        [
          ["active", false],
          ["idle", false],
          ["waits", false],
        ],
      );
      const { data: open } = await getLongestTransactions(audit, { hideOwn: true, limit: 10 });
      expect(open.map(({ application }) => application)).toEqual(expect.arrayContaining(["idle", "waits"]));
      const range = { from: new Date(Date.now() - 3_600_000), to: new Date() };
      const top = await getTopQueries(
        { audit, history: createHistory(server.console.sql), now: new Date() },
        { range, orderBy: "calls", order: "desc", limit: 300, hideOwn: true, group: "statement" },
      );
      expect(top.missing).toBeUndefined();
      expect(top.data.queries.map(({ text }) => text)).toContain('select $1 as "caf�"');
      // What follows on the same connection is read in UTF-8 again.
      const echoed = await audit.use("watch", "test.echo", (sql) => sql`select ${"é"}::text as text`);
      expect(echoed[0]).toEqual({ text: "é" });
    } finally {
      await audit.close();
    }
  });

  test("a text of megabytes is read once for all targets on the server, weighed and told", async () => {
    const large = 20 * 1_024 ** 2;
    await server.superuser.unsafe(`
      -- What the hint of unreadable texts says.
      select pg_stat_statements_reset(0, oid, 0) from pg_database where datname = 'ascii';
      create role weigher login password 'test' in role pg_monitor`);
    await server.superuser.unsafe(`select /* ${"x".repeat(large)} */ 1 as large`);
    await server.superuser`create database second`;
    const second = postgres(at("second"), { max: 1, onnotice: () => {} });
    await second`create extension pg_stat_statements`;
    await second.end();
    const engines = ["audit", "second"].map((database) =>
      connect({ target: database, urls: { watch: at(database, "weigher") }, logger: quiet }),
    );
    try {
      const [first, other] = engines as [AuditDb, AuditDb];
      const keys = (await getStatements(first)).data?.entries.map(({ key }) => key) ?? [];
      expect(keys.length).toBeGreaterThan(10);
      const told = await Promise.all([getStatementLabels(first, keys), getStatementLabels(other, keys)]);
      expect(told[1].labels).toEqual(told[0].labels);
      expect(Object.values(told[0].labels).map(({ query }) => query.slice(0, 12))).toContain("select /* xx");
      const looks = await server.superuser<{ calls: number }[]>`
        select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
        where userid = 'weigher'::regrole and query like '%dashboard:queries.labels%'`;
      expect(looks).toMatchObject([{ calls: 1 }]);
      const { values } = await sampleStatementTotals(other);
      expect(values["statements.textBytes"]).toBeGreaterThan(large);
      expect(values["statements.longestTextBytes"]).toBeGreaterThan(large);
      expect(values["statements.longestTextBytes"]).toBeLessThan(large + 1_000);

      replaceEnv({
        AUDIT_DATABASE_URL: at("audit", "weigher"),
        CONSOLE_DATABASE_URL: server.console.url,
        LOG_LEVEL: "silent",
      });
      await sampleAll(server.console.url, nextSlot());
      const audit = connect({ target: "audit", urls: { watch: at("audit", "weigher") }, logger: quiet });
      engines.push(audit);
      const [{ answer } = { answer: null }] = await lookAt([statementTextSize], {
        audit,
        history: createHistory(server.console.sql),
      });
      expect(answer?.objects).toMatchObject([
        {
          state: "warning",
          words: {
            title: expect.stringMatching(
              /^pg_stat_statements keeps 20\.\d MB of statement texts, the longest 20\.0 MB\.$/,
            ),
          },
        },
      ]);
      // What the runbook says; texts are weighed again with the next one that nobody has seen.
      await server.superuser`
        select pg_stat_statements_reset(userid, dbid, queryid) from pg_stat_statements where length(query) > ${large}`;
      await server.superuser`select 1 as small`;
      await audit.dropAnswers({ tags: ["*"] });
      const left = (await getStatements(audit)).data?.entries.map(({ key }) => key) ?? [];
      await getStatementLabels(audit, left);
      const slot = nextSlot();
      await sampleAll(server.console.url, slot);
      await audit.dropAnswers({ tags: ["*"] });
      const [after] = await lookAt([statementTextSize], {
        audit,
        history: createHistory(server.console.sql, () => slot + 20_000),
        now: new Date(slot + 20_000),
      });
      expect(after?.answer?.objects).toMatchObject([{ object: { kind: "target" }, state: "ok" }]);
    } finally {
      await Promise.all(engines.map((engine) => engine.close()));
      server.setEnv();
    }
  });

  describe("that refuses WAL functions to everybody", () => {
    beforeAll(async () => {
      for (const [signature, type] of Object.entries(refused)) {
        const name = signature.slice(0, -2);
        await server.superuser.unsafe(`
          alter function pg_catalog.${signature} rename to ${name}_hidden;
          create function pg_catalog.${signature} returns ${type} language plpgsql volatile as $$
            begin raise exception using errcode = '0A000', message = '${name} ${words}'; end $$`);
      }
      await closeTargets();
    });

    test("no read, sample or check fails or is an unexpected error", async () => {
      const answers = await askAll(server.inputs);
      expect(failing(answers)).toEqual([]);
      const outcomes = await sampleAll(server.console.url, nextSlot());
      expect(outcomes).toEqual(
        Object.fromEntries([...samplers, { name: "collector" }].map(({ name }) => [name, "stored"])),
      );
      expect(await failingChecks(at("audit", "watcher"))).toEqual([]);
      expect(JSON.stringify(answers)).not.toContain("unexpected error");
    });

    test("the other figures of an answer stand; what is missing is said, in the server's words to those who may see them", async () => {
      const admin = await askAll(server.inputs);
      const viewer = await askAll(server.inputs, "viewer");
      const missing = (part: string, name: string) => ({
        part,
        reason: `${part} cannot be read: this server does not offer it.`,
        hint: "Managed services and servers derived from PostgreSQL refuse some functions to everybody; nothing can be granted for it.",
        server: { sqlState: "0A000", message: `${name} ${words}` },
      });
      const position = missing("The server's position in the WAL", "pg_current_wal_lsn");
      expect(admin.replicationSlots).toMatchObject({
        ok: true,
        data: [{ name: "left_behind", keepsWal: true, retainedBytes: null }],
        missing: [position],
      });
      expect(admin.walArchiver).toMatchObject({
        data: { mode: "on", waiting: null },
        missing: [missing("The number of segments that wait to be archived", "pg_ls_archive_statusdir")],
      });
      const { server: _, ...told } = position;
      expect(viewer.replicationSlots).toMatchObject({ ok: true, missing: [told] });
      expect((viewer.replicationSlots as unknown as { missing: object[] }).missing).toEqual([told]);
    });
  });
});
