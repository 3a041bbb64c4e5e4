import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { decodeEntry } from "../audit-db/cache/codec.ts";
import { openRedisCache, type RedisCache } from "../audit-db/cache/redis/redis-cache.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { startRedis, type TestRedis } from "../testing/redis.ts";
import { getStatementLabels } from "./get-labels.ts";
import { getRunningQueries } from "./get-running-queries.ts";

let database: TestDatabase;
let redis: TestRedis;
let shared: RedisCache;
let audit: AuditDb;
let app: postgres.Sql;

beforeAll(async () => {
  [database, redis] = await Promise.all([createDatabase({ template: "empty" }), startRedis()]);
  shared = openRedisCache(redis.url, { softTimeoutMs: 2_000 });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  audit = connect({ target: "audit", urls: { watch: database.url }, logger, sharedCache: shared });
  app = postgres(database.url, { max: 1, onnotice: () => {}, connection: { application_name: "app" } });
  await vi.waitFor(() => expect(shared.stampOf("audit", [])).toBeDefined(), 30_000);
});
afterAll(async () => {
  await app.end({ timeout: 0 });
  await audit.close();
  await shared.close();
  await Promise.all([redis.stop(), database.drop()]);
});

/** Everything Redis holds, as text. */
async function held(): Promise<string> {
  const keys = await redis.redis.keys("*answer*");
  const values = await Promise.all(keys.map((key) => redis.redis.getBuffer(key)));
  const entries = await Promise.all(values.map((bytes) => (bytes ? decodeEntry(bytes) : undefined)));
  return JSON.stringify(entries);
}

test("a password in a statement reaches neither the second level nor a caller", async () => {
  // The server keeps the literals of what is no query. Often enough, so that what others run beside evicts it last.
  for (let times = 0; times < 20; times++) await app.unsafe("do $$ begin perform 'password=hunter2'; end $$");
  const [found] = await database.sql<{ key: string }[]>`
    select concat_ws('/', dbid, userid, queryid, toplevel::int) as key
    from pg_stat_statements where query like 'do %hunter2%'`;
  const running = app.unsafe("select pg_sleep(60), 'password=hunter2' as visible_part").catch(() => {});
  await vi.waitFor(async () => {
    const { data } = await getRunningQueries(audit, { hideOwn: true });
    expect(JSON.stringify(data.queries)).toContain("visible_part");
    expect(JSON.stringify(data.queries)).not.toContain("hunter2");
  }, 30_000);
  const { labels } = await getStatementLabels(audit, [found?.key ?? ""]);
  expect(Object.values(labels).map(({ query }) => query)).toEqual([expect.stringContaining("password=…")]);
  await vi.waitFor(async () => expect(await held()).toContain("visible_part"), 20_000);
  expect(await held()).not.toContain("hunter2");
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'app'`;
  await running;
});
