import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { freezeOverdue } from "./check-freeze-overdue.ts";
import { multixactAge, transactionIdAge } from "./check-transaction-ages.ts";

/** Of the whole circle; each a multiple of a segment of its log, so that the server misses no page of it. */
const segment = 1_048_576;
const warned = 1_200 * segment;
const grave = 1_700 * segment;

let cluster: Cluster;
let audit: AuditDb | undefined;

/** Sets the next id of a stopped server. Only Debian's PostgreSQL 15 comes with the tool. */
function setNext(flag: "-x" | "-m", id: number): void {
  const { uid, gid } = statSync(cluster.dataDir);
  const value = flag === "-m" ? `${id},1` : String(id);
  execFileSync("/usr/lib/postgresql/15/bin/pg_resetwal", [flag, value, "-D", cluster.dataDir], {
    ...(process.getuid?.() === 0 && { uid, gid }),
    stdio: "pipe",
    cwd: "/",
  });
}

async function restartWith(flag: "-x" | "-m", id: number): Promise<AuditDb> {
  await audit?.close();
  await cluster.stop();
  setNext(flag, id);
  await cluster.start();
  const watcher = cluster.url.replace("postgres:test@", "watcher:test@");
  audit = connect({
    target: "t",
    urls: { watch: watcher },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return audit;
}

async function run(database: string, ...statements: string[]): Promise<void> {
  const sql = postgres(cluster.url.replace(/postgres$/, database), { max: 1, onnotice: () => {} });
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

beforeAll(async () => {
  // Otherwise the server begins to freeze by itself, and the ages go before they are seen.
  cluster = await startCluster(15, {
    autovacuum: "off",
    autovacuum_freeze_max_age: "2000000000",
    autovacuum_multixact_freeze_max_age: "2000000000",
  });
  await run(
    "postgres",
    "create role watcher login password 'test' in role pg_monitor",
    "create database app",
  );
});
afterAll(async () => {
  await audit?.close();
  await cluster?.destroy();
});

test.each([
  ["-x", transactionIdAge],
  ["-m", multixactAge],
] as const)(
  "%s: a server that is truly that old warns, is critical, and is frozen database by database",
  async (flag, check) => {
    const old = await judge(check, await restartWith(flag, warned));
    expect(old.complete).toBe(true);
    expect(notOk(old).sort()).toEqual(
      ["app", "postgres", "template0", "template1"].map((name) => `${name} warning`),
    );
    expect(stateOf(old, "app")?.words.title).toContain("has used 58.6 % of its");

    // With a limit of autovacuum's that is usual; the server's own is put off to keep it from freezing meanwhile.
    const limits = { warning: 0.5, critical: 0.8 };
    const overdue = await judge(freezeOverdue, audit as AuditDb, { limits });
    expect(stateOf(overdue, "app")?.state).toBe("warning");

    const older = await restartWith(flag, grave);
    expect(stateOf(await judge(check, older), "app")).toMatchObject({
      state: "critical",
      value: expect.closeTo(0.831, 3),
    });
    expect(notOk(await judge(freezeOverdue, older, { limits }))).toContain("app critical");
    await run("app", "vacuum (freeze)");
    const frozen = await judge(check, older);
    expect(stateOf(frozen, "app")?.state).toBe("ok");
    const refusing = stateOf(frozen, "template0");
    expect(refusing?.state).toBe("critical");

    const [allow, deny] = refusing?.words.detail.match(/ALTER DATABASE [^;]+;/g) ?? [];
    await run("postgres", allow ?? "");
    await run("template0", "vacuum (freeze)");
    await run("postgres", deny ?? "", "vacuum (freeze)");
    await run("template1", "vacuum (freeze)");
    expect(notOk(await judge(check, older))).toEqual([]);
    expect(notOk(await judge(freezeOverdue, older, { limits }))).toEqual([]);
  },
);
