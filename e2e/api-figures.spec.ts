import { data, expect, test } from "./support/api-test.ts";
import { forgetAnswers } from "./support/forget-answers.ts";

test("connections are those of pg_stat_activity at the same moment", async ({ get, auditSql }) => {
  // The console's own connections come and go, and answers up to 1.5 s old are shared.
  await expect(async () => {
    const [truth] = await auditSql<{ total: number; max: number }[]>`
      select count(*)::int as total, current_setting('max_connections')::int as max
      from pg_stat_activity where backend_type = 'client backend'`;
    const answer = await data<{
      total: number;
      limits: { maxConnections: number; used: number };
      byDatabase: { name: string; count: number }[];
    }>(await get("/api/v1/targets/audit/connections?hideOwn=false"));
    expect(answer.limits.maxConnections).toBe(truth?.max);
    expect(Math.abs(answer.total - (truth?.total ?? 0))).toBeLessThanOrEqual(2);
    expect(answer.byDatabase.reduce((sum, group) => sum + group.count, 0)).toBe(answer.total);
  }).toPass({ timeout: 30_000 });
});

test("partitions are those of the catalogue, with bounds in UTC and the bytes that lie on disk", async ({
  get,
  auditSql,
}) => {
  // Sizes are measured every ten minutes.
  await forgetAnswers("partitions");
  const truth = await auditSql<{ name: string; bytes: number }[]>`
    select relid::regclass::text as name, pg_total_relation_size(relid)::float8 as bytes
    from pg_partition_tree('audit_log') where isleaf order by 1`;
  const answer = await data<{ rows: { name: string; from: string; totalBytes: number }[]; total: number }>(
    await get("/api/v1/targets/audit/partitions?limit=1000&orderBy=name&order=asc"),
  );
  expect(answer.total).toBe(truth.length);
  expect(answer.rows.map((row) => row.name).toSorted()).toEqual(truth.map((row) => row.name).toSorted());
  for (const row of answer.rows) expect(row.from).toMatch(/-01T00:00:00\.000Z$/);
  const sum = (all: { bytes: number }[]) => all.reduce((total, each) => total + each.bytes, 0);
  const share = sum(answer.rows.map((row) => ({ bytes: row.totalBytes }))) / sum(truth);
  expect(share).toBeGreaterThan(0.8);
  expect(share).toBeLessThan(1.2);
});

test("a statement's counters are those of pg_stat_statements", async ({ get, auditSql }) => {
  for (let run = 0; run < 7; run += 1) await auditSql`select count(*) as seven_wonders from retention_policy`;
  const [truth] = await auditSql<{ queryId: string; calls: number }[]>`
    select queryid::text as "queryId", calls::float8 as calls from pg_stat_statements
    where query like '%seven_wonders from retention_policy%' and query not like '%pg_stat_statements%'`;
  const answer = await data<{ text: string; entries: { calls: number; user: string; database: string }[] }>(
    await get(`/api/v1/targets/audit/queries/${truth?.queryId}`),
  );
  expect(answer.text).toContain("seven_wonders");
  expect(answer.entries).toHaveLength(1);
  expect(answer.entries[0]).toMatchObject({ calls: truth?.calls, user: "postgres", database: "audit" });
});

test("history and the overview's tiles tell the same of connections", async ({ get }) => {
  const newest = (points: [number, number | null][]) => points.findLast(([, value]) => value !== null)?.[1];
  await expect
    .poll(
      async () => {
        const history = await data<{ series: Record<string, [number, number | null][]> }>(
          await get("/api/v1/targets/audit/history?series=connections.total&range=15m"),
        );
        const overview = await data<{ tiles: { id: string; value: number; max: number }[] }>(
          await get("/api/v1/targets/audit/overview?range=15m"),
        );
        const tile = overview.tiles.find(({ id }) => id === "connections");
        return Math.abs(
          (newest(history.series["connections.total"] ?? []) ?? Number.NaN) - (tile?.value ?? 0),
        );
      },
      { timeout: 30_000 },
    )
    .toBeLessThanOrEqual(2);
});
