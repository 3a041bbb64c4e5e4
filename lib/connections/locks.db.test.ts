import postgres, { type ReservedSql, type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { judge } from "../testing/judge.ts";
import { findingsOf } from "../testing/look.ts";
import { blockedSessions, blockers } from "./check-blockers.ts";
import { getBlockers } from "./get-blockers.ts";
import { getLongestTransactions } from "./get-longest-transactions.ts";
import { connectionThresholds } from "./thresholds.ts";
import type { BlockerNode } from "./types.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("locks on PostgreSQL %i", (version) => {
  let cluster: Cluster;
  let sql: Sql;
  let audit: AuditDb;
  let plain: AuditDb;
  const clients: Sql[] = [];
  const waiting: Promise<unknown>[] = [];

  beforeAll(async () => {
    cluster = await startCluster(version, { max_prepared_transactions: "5" });
    sql = postgres(cluster.url, { max: 2, onnotice: () => {} });
    await sql`create table ledger (id int primary key, n int)`;
    await sql`insert into ledger select i, 0 from generate_series(1, 9) i`;
    await sql`create role plain login password 'test'`;
    audit = connect({ target: "locks", urls: { watch: cluster.url }, logger });
    const plainUrl = cluster.url.replace("postgres:test@", "plain:test@");
    plain = connect({ target: "plain", urls: { watch: plainUrl }, logger });
  });
  afterAll(async () => {
    for (const client of clients) await client.end({ timeout: 0 });
    await Promise.all([audit?.close(), plain?.close(), ...waiting]);
    await sql?.end();
    await cluster?.destroy();
  });

  async function session(): Promise<{ held: ReservedSql; pid: number }> {
    const client = postgres(cluster.url, { max: 1, onnotice: () => {} });
    clients.push(client);
    const held = await client.reserve();
    const [row] = await held<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return { held, pid: row?.pid ?? 0 };
  }

  /** Starts a statement that waits for a lock, and answers when it does. */
  async function waits({ held, pid }: { held: ReservedSql; pid: number }, statement: string): Promise<void> {
    waiting.push(held.unsafe(statement).catch(() => {}));
    await expect
      .poll(() => sql`select from pg_locks where pid = ${pid} and not granted`.then(({ length }) => length), {
        timeout: 30_000,
      })
      .toBe(1);
  }

  async function tree(): Promise<Map<number, BlockerNode>> {
    await audit.dropAnswers({ tags: ["*"] });
    const { data } = await getBlockers(audit);
    const flat = (node: BlockerNode): BlockerNode[] => [node, ...node.waiters.flatMap(flat)];
    return new Map(data.roots.flatMap(flat).map((node) => [node.pid, node]));
  }

  test("a row is a row: who holds it, who waits for it, who stands behind", async () => {
    const [holder, first, second] = [await session(), await session(), await session()];
    await holder.held.unsafe("begin; update ledger set n = 1 where id = 1");
    await waits(first, "update ledger set n = 2 where id = 1");
    await waits(second, "update ledger set n = 3 where id = 1");
    const nodes = await tree();
    expect(nodes.get(holder.pid)?.holds.map(({ words }) => words)).toEqual([
      "a row of public.ledger until its transaction ends",
    ]);
    expect(nodes.get(first.pid)?.waitsFor?.words).toBe(
      `a row of public.ledger held by pid ${holder.pid} until its transaction ends`,
    );
    expect(nodes.get(second.pid)?.waitsFor?.words).toBe(
      `its turn at a row of public.ledger, after pid ${first.pid}`,
    );
    const crowd = async () => {
      const { objects } = await judge(blockedSessions, audit, { limits: { warning: 2, critical: null } });
      return objects.map(({ object, value, state }) => ["pid" in object && object.pid, value, state]);
    };
    expect(await crowd()).toEqual([[holder.pid, 2, "ok"]]);
    // Half a minute is not waited for here: that it is the limit is a matter of the unit tests.
    const waitSeconds = vi.spyOn(connectionThresholds.blockedSessions, "waitSeconds", "get");
    waitSeconds.mockReturnValue(0.001);
    expect(await crowd()).toEqual([[holder.pid, 2, "warning"]]);
    await holder.held.unsafe("rollback");
    await Promise.all(waiting);
    expect(await crowd()).toEqual([]);
    waitSeconds.mockRestore();
  });

  test("a table, a transaction's end and an advisory lock are what they are", async () => {
    const [holder, index, reader, advisor] = [
      await session(),
      await session(),
      await session(),
      await session(),
    ];
    await holder.held.unsafe("begin; select pg_advisory_lock(42); update ledger set n = 1 where id = 2");
    await waits(advisor, "select pg_advisory_lock(42)");
    await waits(index, "create index concurrently ledger_n on ledger (n)");
    await waits(reader, "alter table ledger alter n set statistics 10");
    const nodes = await tree();
    expect(nodes.get(advisor.pid)?.waitsFor?.words).toBe(
      `an advisory lock (ExclusiveLock) held by pid ${holder.pid}`,
    );
    expect(nodes.get(index.pid)?.waitsFor?.words).toBe(`the end of the transaction of pid ${holder.pid}`);
    expect(nodes.get(reader.pid)?.waitsFor?.words).toBe(
      `ShareUpdateExclusiveLock on public.ledger held by pid ${index.pid}`,
    );
    expect(nodes.get(holder.pid)?.holds.map(({ words }) => words)).toContain("its transaction open");
    await holder.held.unsafe("rollback; select pg_advisory_unlock_all()");
    await Promise.all(waiting);
  });

  test("a prepared transaction stands among the longest, and blocks by its name, with what ends it", async () => {
    const [holder, waiter, young] = [await session(), await session(), await session()];
    await holder.held.unsafe("begin; update ledger set n = 1 where id = 3; prepare transaction 'it''s'");
    // Dates of JavaScript know milliseconds: what begins in the same one has no order.
    await sql`select pg_sleep(0.002)`;
    await young.held.unsafe("begin; select 1");
    await waits(waiter, "update ledger set n = 2 where id = 3");
    await audit.dropAnswers({ tags: ["*"] });
    const { data } = await getLongestTransactions(audit, { hideOwn: true, limit: 50 });
    // A connection of ours that is just being opened has no name yet to hide it by.
    const ours = data
      .map(({ pid }) => pid)
      .filter((pid) => [0, ...[holder, young, waiter].map((s) => s.pid)].includes(pid));
    expect(ours).toEqual([0, young.pid, waiter.pid]);
    const [direct] = await sql<{ prepared: Date; owner: string; database: string }[]>`
      select prepared, owner, database from pg_prepared_xacts`;
    expect(data[0]).toMatchObject({
      ...{ pid: 0, backendType: "prepared transaction", state: "prepared", query: null },
      ...{ user: direct?.owner, database: direct?.database, transactionStartedAt: direct?.prepared },
      prepared: {
        gid: "it's",
        commit: "COMMIT PREPARED 'it''s';",
        rollback: "ROLLBACK PREPARED 'it''s';",
      },
    });
    expect((await getLongestTransactions(audit, { hideOwn: true, limit: 1 })).data).toHaveLength(1);
    // Everybody sees prepared transactions, whatever else is hidden.
    const seen = await getLongestTransactions(plain, { hideOwn: true, limit: 50 });
    expect(seen.unavailable?.code).toBe("no_grant");
    expect(seen.data.map(({ prepared }) => prepared?.gid)).toEqual(["it's"]);

    const nodes = await tree();
    expect(nodes.get(waiter.pid)?.waitsFor?.words).toBe(
      "a row of public.ledger held by prepared transaction it's until its transaction ends",
    );
    const limits = { "connections.blockers": { warning: 0.001, critical: 600 } };
    const [finding] = await findingsOf([blockers], { audit, limits });
    expect(finding?.title).toMatch(
      /^1 connection has waited \d+ s for a row of public\.ledger held by prepared transaction it's\.$/,
    );
    await sql.unsafe(finding?.detail.match(/ROLLBACK PREPARED .*;/)?.[0] ?? "");
    await Promise.all(waiting);
    await audit.dropAnswers({ tags: ["*"] });
    expect(await findingsOf([blockers], { audit, limits })).toEqual([]);
    const after = await getLongestTransactions(audit, { hideOwn: true, limit: 50 });
    expect(after.data.map(({ pid }) => pid).filter((pid) => pid === 0 || pid === waiter.pid)).toEqual([]);
    expect(after.data.map(({ pid }) => pid)).toContain(young.pid);
    await young.held.unsafe("rollback");
  });
});
