import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHistory } from "../collector/history/history.ts";
import { createObjectTracker } from "../collector/sampling/track-objects.ts";
import { createObjectIds, writeObjects } from "../collector/sampling/write-objects.ts";
import { type CountedServer, startCountedServer } from "../testing/counted-server.ts";
import { getIoByBackend } from "./get-io-by-backend.ts";
import { ioObjectSampler, ioSampler } from "./sample-io.ts";

const noInstances = { instances: async () => [] };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let given: CountedServer;

  beforeAll(async () => {
    given = await startCountedServer(server);
  });
  afterAll(() => given?.close());

  test("pg_stat_io by kind of process, or why not", async () => {
    const { console, database, plain } = given;
    const now = new Date();
    const history = createHistory(console.sql, () => now.getTime());
    const observed = await getIoByBackend({ audit: plain, history, now }, { range: "15m" });
    const { values } = await ioSampler.sample(plain, noInstances);
    const objects = await ioObjectSampler.sample(plain);
    if (server < 16) {
      expect(observed.unavailable).toMatchObject({ code: "unsupported" });
      expect(observed.data.rows).toEqual([]);
      expect([values, objects]).toEqual([{}, []]);
      return;
    }
    const clients = observed.data.rows.find(
      (row) => row.backendType === "client backend" && row.object === "relation" && row.context === "normal",
    );
    const [direct] = await database.sql`
      select hits::float8 as hits, read_bytes::float8 as "readBytes" from pg_stat_io
      where backend_type = 'client backend' and object = 'relation' and context = 'normal'`;
    expect(clients?.hits).toBeGreaterThan(0);
    expect(clients?.hits).toBeLessThanOrEqual(Number(direct?.hits));
    expect(clients?.readBytes).toBeLessThanOrEqual(Number(direct?.readBytes));
    expect(clients?.readTimeMs).toBeNull();
    expect(observed.data.timing?.code).toBe("not_configured");
    expect(observed.countsSince).toBeInstanceOf(Date);
    expect(values["io.client.hits"]).toBeGreaterThanOrEqual(clients?.hits ?? 0);
    expect(values["io.client.readTimeMs"]).toBeUndefined();
    expect(values["io.background.writes"]).toBeGreaterThanOrEqual(0);
    expect(objects.map((object) => object.key)).toContain("client backend/relation/normal");
    expect(clients?.window).toBeNull();
  });

  test.runIf(server >= 16)("pg_stat_io over a range grows by what was read meanwhile", async () => {
    const { target, console, catalogue, monitor, flushed } = given;
    const end = Math.floor(Date.now() / 60_000) * 60_000;
    const tracker = createObjectTracker(ioObjectSampler);
    const ids = createObjectIds();
    const take = async (slot: number) => {
      const samples = await ioObjectSampler.sample(monitor);
      const { batch, commit } = tracker.next(slot, slot, samples);
      await writeObjects(console.sql, catalogue, ids, target, ioObjectSampler, batch);
      commit();
      return samples.find((sample) => sample.key === "client backend/relation/normal")?.values.hits ?? 0;
    };
    const before = await take(end - 120_000);
    await flushed(
      (sql) => sql`select count(*) from events a join events b using (body)  where a.at < '2026-01-02'`,
    );
    const after = await take(end - 60_000);
    const history = createHistory(console.sql, () => end);
    const range = { from: new Date(end - 600_000), to: new Date(end) };
    const { data } = await getIoByBackend({ audit: monitor, history, now: new Date(end) }, range);
    const row = data.rows.find(
      (r) => r.backendType === "client backend" && r.context === "normal" && r.object === "relation",
    );
    expect(after - before).toBeGreaterThan(100);
    expect(row?.window?.hits).toBe(after - before);
    expect(row?.window?.hitShare).toBeGreaterThan(0.5);
    const still = data.rows.find((r) => r.backendType === "startup");
    expect(still?.window).toMatchObject({ reads: 0, hits: null });
  });
});
