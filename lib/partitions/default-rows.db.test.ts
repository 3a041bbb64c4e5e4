import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { lookAt } from "../testing/look.ts";
import { type Standby, startStandby } from "../testing/standby.ts";
import { defaultRows } from "./check-default-rows.ts";
import { getPartitionTable } from "./get-table.ts";

const open: AuditDb[] = [];
let primary: Cluster;
let standby: Standby;

beforeAll(async () => {
  primary = await startCluster(18, { wal_level: "replica", max_wal_senders: "4" });
  const sql = postgres(primary.url, { max: 1, onnotice: () => {} });
  const table = (name: string, rows: number) => `
    create table ${name} (at timestamptz, kind text) partition by range (at);
    create table ${name}_rest partition of ${name} default;
    insert into ${name} select '2020-01-01', 'x' from generate_series(1, ${rows});`;
  await sql.unsafe(`
    create role watcher login password 'test' in role pg_monitor;
    ${table("granted", 4)} grant select on granted_rest to watcher;
    ${table("many", 1_500)} grant select on many_rest to watcher;
    ${table("closed", 3_000)}
    ${table("unknown", 7)}
    ${table("empty", 0)}
    ${table("hidden", 5)} grant select on hidden_rest to watcher; alter table hidden_rest enable row level security;
    create table levels (at timestamptz, kind text) partition by range (at);
    create table levels_rest partition of levels default partition by list (kind);
    create table levels_rest_x partition of levels_rest for values in ('x');
    create table levels_rest_rest partition of levels_rest default;
    insert into levels values ('2020-01-01', 'x'), ('2020-01-01', 'y');
    grant select on levels_rest to watcher;
    create table listed (kind text, at timestamptz) partition by list (kind);
    create table listed_rest partition of listed default partition by range (at);
    create table listed_rest_1 partition of listed_rest for values from ('2020-01-01') to ('2021-01-01');
    insert into listed values ('x', '2020-01-01');
    grant select on listed_rest to watcher;`);
  // A session hands in its statistics at the latest when it ends; what it does after an ANALYZE counts besides.
  await sql.end();
  const again = postgres(primary.url, { max: 1 });
  await again`analyze closed_rest`;
  await again.end();
});
afterAll(async () => {
  await Promise.all(open.map((audit) => audit.close()));
  await standby?.destroy();
  await primary?.destroy();
});

function watch({ url }: { url: string }): AuditDb {
  const own = new URL(url);
  own.username = "watcher";
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const audit = connect({ target: "t", urls: { watch: own.href }, logger });
  open.push(audit);
  return audit;
}

async function judge(server: { url: string }) {
  const [evaluation] = await lookAt([defaultRows], { audit: watch(server) });
  const objects = evaluation?.answer?.objects ?? [];
  return Object.fromEntries(
    objects.map(({ object, state, value, unavailable }) => [
      "name" in object ? object.name : object.kind,
      [state, value, unavailable?.code],
    ]),
  );
}

/** Neither counts nor grants depend on statistics; 3,000 are those of the last analyze. */
const certain = {
  granted_rest: ["warning", 4, undefined],
  many_rest: ["warning", 1_000, undefined],
  closed_rest: ["warning", 3_000, undefined],
  empty_rest: ["ok", 0, undefined],
  levels_rest: ["warning", 2, undefined],
  listed_rest: ["warning", 1, undefined],
};

test("rows in default partitions are counted, or estimated where reading them is not granted", async () => {
  const judged = await judge(primary);
  expect(judged).toMatchObject({ ...certain, unknown_rest: ["warning", 7, undefined] });
  // Policies would show the watcher none of its five.
  expect(judged.hidden_rest).toEqual(["warning", 5, undefined]);
});

test("after a reset of the statistics they are the same, and what nobody knows is not none", async () => {
  const sql = postgres(primary.url, { max: 1 });
  await sql`select pg_stat_reset()`;
  await sql.end();
  const judged = await judge(primary);
  expect(judged).toMatchObject({
    ...certain,
    unknown_rest: ["no_data", null, "no_grant"],
    hidden_rest: ["no_data", null, "no_grant"],
  });
});

test("on a standby, which has no statistics, they are the same", async () => {
  standby = await startStandby(primary, { name: "second" });
  const judged = await judge(standby);
  expect(judged).toMatchObject({
    ...certain,
    unknown_rest: ["no_data", null, "no_grant"],
    hidden_rest: ["no_data", null, "no_grant"],
  });
  const { data } = await getPartitionTable(watch(standby), {
    orderBy: "name",
    order: "asc",
    limit: 50,
    offset: 0,
  });
  const rows = (name: string) => data.rows.find((row) => row.name === name)?.rowsEstimated;
  expect([rows("closed_rest"), rows("unknown_rest"), rows("empty_rest")]).toEqual([3_000, null, 0]);
});
