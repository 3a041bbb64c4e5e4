import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Limits } from "../check.ts";
import { ownLimits } from "../evaluation/limits.ts";
import type { ReadContext } from "../read.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getLargestLanes, getPartitionLanes } from "./get-lanes.ts";
import { getPartition } from "./get-partition.ts";
import { partitionsReads } from "./reads.ts";

const now = new Date("2024-03-15T12:00:00Z");
let database: TestDatabase;
let audit: AuditDb;

beforeAll(async () => {
  database = await createDatabase({ server: 18, template: "empty" });
  await database.sql.unsafe(`
    create table small (at timestamptz) partition by range (at);
    create table small_1 partition of small for values from ('2024-03-01 00:00+00') to ('2024-03-20 00:00+00');
    create table large (at timestamptz, part int) partition by range (at);
    create table large_1 partition of large for values from ('2024-03-01 00:00+00') to ('2024-04-01 00:00+00')
      partition by hash (part);
    create table large_1_0 partition of large_1 for values with (modulus 2, remainder 0);
    create table large_1_1 partition of large_1 for values with (modulus 2, remainder 1);
    insert into large select '2024-03-02', i from generate_series(1, 20000) i;
    analyze large`);
  audit = connect({
    target: "t",
    urls: { watch: await database.login(["pg_monitor"]) },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
});
afterAll(async () => {
  await audit?.close();
  await database?.drop();
});

test("without a name the largest partitioned table is shown, the same as by its name", async () => {
  const { data } = await getLargestLanes(audit, now);
  expect(data?.root.name).toBe("large");
  const named = await getPartitionLanes(audit, { schema: "public", root: "large" }, now);
  expect(named.data).toEqual(data);
});

test("a partition answers the rows it holds, one that is partitioned itself everything below it", async () => {
  const [leaf] = (await getPartition(audit, { schema: "public", name: "small_1" })).data;
  expect(leaf).toMatchObject({ name: "small_1", root: "public.small", from: "2024-03-01T00:00:00.000Z" });
  const below = (await getPartition(audit, { schema: "public", name: "large_1" })).data;
  const direct = await database.sql<{ name: string; bytes: number }[]>`
    select relid::regclass::text as name, pg_total_relation_size(relid)::float8 as bytes
    from pg_partition_tree('large') where isleaf order by 1`;
  expect(below.map(({ name, totalBytes }) => ({ name, bytes: totalBytes }))).toEqual([...direct]);
  expect(below.reduce((sum, row) => sum + (row.rowsEstimated ?? 0), 0)).toBe(20_000);
});

test("a partition that is gone says so", async () => {
  await expect(getPartition(audit, { schema: "public", name: "nowhere" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("a lane's runway has the colour that the check gives it, by the limits in force", async () => {
  const look = async (limits?: Limits) => {
    const checkStore = {
      limits: async () => (limits ? () => () => limits : ownLimits),
      states: async () => [],
    };
    const context = {
      ...{ audit, now, checkStore, history: {} },
      instances: async () => [],
    } as unknown as ReadContext;
    const lanes = await partitionsReads.partitionLanes.run(context, { schema: "public", root: "small" });
    const findings = await partitionsReads.partitionFindings.run(context, {});
    const finding = findings.data.find((f) => f.check === "partitions.runway" && f.title.startsWith("small"));
    return [lanes.data?.lanes[0]?.runway?.severity, finding?.severity];
  };
  // Four and a half days of partitions of nineteen.
  expect(await look()).toEqual(["critical", "critical"]);
  expect(await look({ warning: 5, critical: 4 })).toEqual(["warning", "warning"]);
  expect(await look({ warning: 4, critical: null })).toEqual([null, undefined]);
});
