import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { type CountedServer, startCountedServer } from "../testing/counted-server.ts";
import { getBufferUsage } from "./get-buffer-usage.ts";
import { getCacheSettings } from "./get-cache-settings.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let given: CountedServer;

  beforeAll(async () => {
    given = await startCountedServer(server);
  });
  afterAll(() => given?.close());

  test("settings are in bytes", async () => {
    const { database, plain } = given;
    const { data } = await getCacheSettings(plain);
    const [direct] = await database.sql`
      select (select setting::float8 * 8192 from pg_settings where name = 'shared_buffers') as shared,
             (select setting::float8 * 8192 from pg_settings where name = 'effective_cache_size') as cache`;
    expect(data.sharedBuffersBytes).toBe(direct?.shared);
    expect(data.effectiveCacheSizeBytes).toBe(direct?.cache);
    expect(data.trackIoTiming).toBe(false);
  });

  test("use of shared_buffers, or what to install or grant", async () => {
    const { target, database, monitor } = given;
    const missing = await getBufferUsage(monitor);
    expect(missing.data).toBeNull();
    if (server < 16) {
      expect(missing.unavailable?.code).toBe("unsupported");
      return;
    }
    expect(missing.unavailable).toMatchObject({
      code: "not_installed",
      enable: "CREATE EXTENSION pg_buffercache;",
    });
    await database.sql.unsafe(missing.unavailable?.enable ?? "");
    const [monitorUrl, plainUrl] = [await database.login(["pg_monitor"]), await database.login()];
    const granted = connect({ target, urls: { watch: monitorUrl }, logger });
    const refused = connect({ target, urls: { watch: plainUrl }, logger });
    const { data } = await getBufferUsage(granted);
    const settings = await getCacheSettings(granted);
    expect(data?.totalBytes).toBe(settings.data.sharedBuffersBytes);
    expect(data?.usedBytes).toBeGreaterThan(1_000_000);
    expect((data?.usedBytes ?? 0) + (data?.unusedBytes ?? 0)).toBe(data?.totalBytes);
    expect((await getBufferUsage(refused)).unavailable).toMatchObject({ code: "no_grant" });
    await Promise.all([granted.close(), refused.close()]);
  });
});
