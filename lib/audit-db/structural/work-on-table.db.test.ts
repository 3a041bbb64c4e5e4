import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { startPooler } from "../../testing/pgbouncer.ts";
import { momentInWords } from "../../words.ts";
import { connect } from "../connect.ts";
import { structuralWorkLock } from "../locks.ts";
import type { ReservedSession } from "../pool/reserve.ts";
import type { AuditDb } from "../types.ts";
import { jobOfHolder, type StructuralWork, TableBusy, workOnTable } from "./work-on-table.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const jobId = "01900000-0000-7000-8000-00000000000a";
const table = { schema: "public", name: "audit_log" };
const partition = { schema: "public", name: "audit_log_standard" };
const work: StructuralWork = {
  table,
  name: "partitions.index",
  jobId,
  statementTimeoutMs: 0,
  lockTimeoutMs: 2_000,
};

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let maintenance: string;
  let watch: string;
  let ours: AuditDb;
  /** Another process of the console, with the same roles. */
  let theirs: AuditDb;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    maintenance = await database.login(["audit_maintainer"]);
    watch = await database.login(["pg_monitor"]);
    const open = () => connect({ target: "audit", urls: { watch, maintenance }, logger: silent });
    [ours, theirs] = [open(), open()];
    await database.sql`create table public.wide (id int)`;
    await database.sql`insert into public.wide select generate_series(1, 1000)`;
    await database.sql`alter table public.wide owner to audit_maintainer`;
  });
  afterAll(async () => {
    await Promise.all([ours.close(), theirs.close()]);
    await database.drop();
  });

  /** Takes the lock and holds it until `release`. */
  async function hold(given: Partial<StructuralWork> = {}) {
    const [held, release] = [Promise.withResolvers<ReservedSession>(), Promise.withResolvers<void>()];
    const ended = workOnTable(ours, { ...work, ...given }, async (session) => {
      held.resolve(session);
      await release.promise;
      return "done";
    });
    ended.catch(held.reject);
    const { backend, signal } = await held.promise;
    return { backend, signal, release: release.resolve, ended };
  }
  const tryIt = (given: Partial<StructuralWork> = {}) =>
    workOnTable(theirs, { ...work, jobId: undefined, ...given } as StructuralWork, async () => "done").catch(
      (thrown: unknown) => thrown,
    );

  test("a second comer is told which job works on the table, since when and on which session", async () => {
    const first = await hold();
    const { backend } = first;
    const refused = await tryIt();
    expect(refused).toBeInstanceOf(TableBusy);
    const { holder, ...told } = refused as TableBusy;
    const role = new URL(maintenance).username;
    expect(holder).toEqual({
      ...backend,
      role,
      applicationName: `audit-db ${jobId} partitions.index`.slice(0, 63),
      address: "127.0.0.1",
    });
    expect(told).toMatchObject({ code: "CONFLICT", since: backend.start });
    expect((refused as TableBusy).message).toBe(
      `Job ${jobId} (partitions.index), pid ${backend.pid} of role ${role} from 127.0.0.1, ` +
        `connected since ${momentInWords(backend.start.toISOString())} UTC, works on public.audit_log.`,
    );
    expect(jobOfHolder(holder?.applicationName ?? "")).toBe(jobId);
    // A partition is locked with its tree, another table is not.
    expect(await tryIt({ table: partition })).toBeInstanceOf(TableBusy);
    expect(await tryIt({ table: { schema: "public", name: "wide" } })).toBe("done");
    first.release();
    expect(await first.ended).toBe("done");
    expect(await tryIt()).toBe("done");
  });

  test("a holder that is no console of ours is named by what the server knows of it", async () => {
    const other = postgres(database.url, { max: 1, connection: { application_name: "psql" } });
    const [row] = await other<{ pid: number }[]>`
      select pg_backend_pid() as pid, pg_advisory_lock(${structuralWorkLock}::int, 'public.audit_log'::regclass::oid::int)`;
    const refused = (await tryIt()) as TableBusy;
    expect(refused.holder).toMatchObject({ pid: row?.pid, role: "postgres", applicationName: "psql" });
    expect(refused.message).toMatch(/^psql, pid \d+ of role postgres from 127\.0\.0\.1, connected since /);
    await other.end();
    await vi.waitFor(async () => expect(await tryIt()).toBe("done"), 30_000);
  });

  test("CREATE INDEX CONCURRENTLY that waits deadlocks with nobody who comes meanwhile", async () => {
    const wide = { schema: "public", name: "wide" };
    const reader = postgres(database.url, { max: 1 });
    await reader`begin`;
    await reader`insert into public.wide values (0)`;
    const index = (audit: AuditDb, name: string) =>
      workOnTable(audit, { ...work, table: wide, lockTimeoutMs: 30_000 }, async ({ sql }) => {
        await sql`set role audit_maintainer`;
        await sql.unsafe(`create index concurrently ${name} on public.wide (id)`);
      });
    const first = index(ours, "one");
    await vi.waitFor(async () => {
      const [row] = await database.sql`
        select count(*)::int as n from pg_stat_progress_create_index where phase like 'waiting for writers%'`;
      expect(row?.n).toBe(1);
    }, 30_000);
    for (let times = 0; times < 5; times++)
      await expect(index(theirs, "two")).rejects.toThrow(/works on public\.wide/);
    await reader`commit`;
    await reader.end();
    await first;
    await index(theirs, "two");
    const valid = await database.sql`
      select c.relname, indisvalid from pg_index join pg_class c on c.oid = indexrelid
      where indrelid = 'public.wide'::regclass order by 1`;
    expect(valid).toEqual([
      { relname: "one", indisvalid: true },
      { relname: "two", indisvalid: true },
    ]);
    const [deadlocks] = await database.sql`
      select deadlocks::int from pg_stat_database where datname = current_database()`;
    expect(deadlocks?.deadlocks).toBe(0);
  });

  test("the lock goes with its session, and the work is told", async () => {
    const first = await hold();
    const { backend } = first;
    await database.sql`select pg_terminate_backend(${backend.pid})`;
    await vi.waitFor(() => expect(first.signal.aborted).toBe(true), 30_000);
    await vi.waitFor(async () => expect(await tryIt()).toBe("done"), 30_000);
    first.release();
    await expect(first.ended).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: "The session of partitions.index was lost.",
    });
  });

  test("a process that is killed in the middle of a statement leaves the table free within seconds", async () => {
    const script = path.resolve(import.meta.dirname, "../../testing/work-on-table-forever.ts");
    const args = [script, watch, maintenance];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    await Promise.race([once(child.stdout, "data"), exited]);
    const refused = (await tryIt()) as TableBusy;
    expect(refused.holder?.applicationName).toBe("audit-db test.forever");
    child.kill("SIGKILL");
    await exited;
    await vi.waitFor(async () => expect(await tryIt()).toBe("done"), { timeout: 20_000, interval: 200 });
  });

  test("an abort cancels what runs and frees the lock", async () => {
    const abort = new AbortController();
    const held = Promise.withResolvers<void>();
    const slow = workOnTable(ours, { ...work, signal: abort.signal }, async ({ sql }) => {
      held.resolve();
      await sql`select pg_sleep(600)`;
    });
    slow.catch(held.reject);
    await held.promise;
    expect(await tryIt()).toBeInstanceOf(TableBusy);
    abort.abort(new Error("the claim is lost"));
    await expect(slow).rejects.toThrow("the claim is lost");
    await vi.waitFor(async () => expect(await tryIt()).toBe("done"), 30_000);
  });

  test("each statement has the caller's limits, and a failure is told in words", async () => {
    const blocker = postgres(database.url, { max: 1 });
    await blocker`begin`;
    await blocker`lock table public.wide`;
    const limited = { ...work, table: { schema: "public", name: "wide" }, statementTimeoutMs: 50 };
    await expect(
      workOnTable(ours, { ...limited, lockTimeoutMs: 0 }, ({ sql }) => sql`select pg_sleep(600)`),
    ).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(
      workOnTable(
        ours,
        { ...limited, statementTimeoutMs: 0, lockTimeoutMs: 50 },
        ({ sql }) => sql`select from public.wide`,
      ),
    ).rejects.toMatchObject({
      code: "TIMEOUT",
      message: "partitions.index failed: it waited too long for a lock.",
    });
    await blocker.end();
    await expect(tryIt({ table: { schema: "public", name: "nowhere" } })).resolves.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test.each(["the pooler refuses our settings", "the pooler drops our settings"])(
    "through a transaction pooler it is refused: %s",
    async (which) => {
      const names = [
        ...["extra_float_digits", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"],
        ...[
          "default_transaction_read_only",
          "plan_cache_mode",
          "bytea_output",
          "IntervalStyle",
          "array_nulls",
        ],
        ...[
          "transform_null_equals",
          "quote_all_identifiers",
          "row_security",
          "gin_fuzzy_search_limit",
          "role",
        ],
        ...["lc_monetary", "lc_numeric", "lc_time", "search_path", "default_transaction_isolation"],
        ...["default_transaction_deferrable", "synchronous_commit", "exit_on_error", "idle_session_timeout"],
        ...[
          "jit",
          "constraint_exclusion",
          "tcp_keepalives_idle",
          "tcp_keepalives_interval",
          "tcp_keepalives_count",
        ],
      ];
      const switches = [
        ...[
          "async_append",
          "bitmapscan",
          "gathermerge",
          "hashagg",
          "hashjoin",
          "incremental_sort",
          "indexonlyscan",
        ],
        ...["indexscan", "material", "memoize", "mergejoin", "nestloop", "parallel_append", "parallel_hash"],
        ...[
          "partition_pruning",
          "seqscan",
          "sort",
          "tidscan",
          "partitionwise_aggregate",
          "partitionwise_join",
        ],
      ].map((name) => `enable_${name}`);
      const pooler = await startPooler(database, maintenance, {
        pool_mode: "transaction",
        ...(which === "the pooler drops our settings" && {
          ignore_startup_parameters: [...names, ...switches].join(","),
        }),
      });
      const pooled = connect({
        target: "audit",
        urls: { watch: database.url, maintenance: pooler.url },
        logger: silent,
      });
      try {
        let ran = false;
        const refused = workOnTable(pooled, work, async () => {
          ran = true;
        });
        await expect(refused).rejects.toMatchObject({
          code: "UNSUPPORTED",
          message: "A pooler stands between the console and the server; this needs a session of its own.",
          hint: expect.stringContaining("AUDIT_MAINTENANCE_URL"),
        });
        expect(ran).toBe(false);
      } finally {
        await pooled.close();
        await pooler.stop();
      }
    },
  );
});
