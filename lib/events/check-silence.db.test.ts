import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { append } from "../audit-db/append/append.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { createCostMeter } from "../collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "../collector/sampling/run-sampler.ts";
import type { History } from "../collector/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge } from "../testing/judge.ts";
import { ingestSilence } from "./check-silence.ts";
import { eventsSamplers } from "./samplers.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const event = { organizationId: "o", action: "record.viewed", status: "success" } as const;
const hourMs = 3_600_000;
const minutesAgo = (count: number) => new Date(Date.now() - count * 60_000);

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let console: TestDatabase;
  let urls: { watch: string; write: string };
  let audit: AuditDb;
  let history: History;

  beforeAll(async () => {
    [database, console] = await Promise.all([
      createDatabase({ server, template: "audit", since: minutesAgo(60) }),
      createDatabase({ template: "console" }),
    ]);
    urls = {
      watch: await database.login(["pg_monitor", "audit_reader"]),
      write: await database.login(["audit_writer"]),
    };
    audit = connect({ target: "still", urls, logger });
    history = createHistory(console.sql);
    await createPartitions(console.sql, new Date());
  });
  afterAll(async () => {
    await audit?.close();
    await Promise.all([database?.drop(), console?.drop()]);
  });

  /** A sample of the newest event's age, as the worker would have taken it. */
  async function take(): Promise<void> {
    const [sampler] = eventsSamplers;
    if (!sampler) throw new Error("nothing samples events");
    const run = createSamplerRun(sampler, {
      ...{ sql: console.sql, audit, catalogue: createCatalogue(console.sql), meter: createCostMeter() },
      ...{ context: { instances: async () => [] }, clock: Date.now },
    });
    const step = sampler.everySeconds * 1_000;
    await run.take(Math.floor(Date.now() / step) * step, Number.POSITIVE_INFINITY);
  }

  test("events that stop coming, against the pauses that were usual", async () => {
    const stateOfIt = async (engine = audit) =>
      (await judge(ingestSilence, engine, { history })).objects[0]?.state;
    const write = (times: Date[]) =>
      append(
        audit,
        times.map((at) => ({ ...event, occurredAt: at.toISOString() })),
      );
    // One every two minutes, until a quarter of an hour ago.
    await write(Array.from({ length: 20 }, (_, i) => minutesAgo(15 + 2 * i)));
    await take();
    const learning = connect({ target: "still", urls, logger });
    expect(await stateOfIt(learning)).toBe("unavailable");
    await learning.close();
    // It did so for ten days, as the collector would have kept it.
    const began = new Date(Math.floor(Date.now() / hourMs) * hourMs - 10 * 24 * hourMs);
    for (let day = 0; day <= 10; day++)
      await createPartitions(console.sql, new Date(began.getTime() + day * 24 * hourMs));
    await console.sql`update history.collecting set since = ${began}`;
    await console.sql`
      insert into history.total_hour (slot, target_id, sampler_id, amounts, weights, lows, highs)
      select hour, t.id, s.id, '{60}', '{1}', '{1}', '{120}'
      from history.target t, history.sampler s, generate_series(${began}::timestamptz, now() - interval '2 hours', '1 hour') as hour
      where t.name = 'still' and s.name = 'events'`;
    const { objects } = await judge(ingestSilence, audit, { history });
    expect(objects[0]).toMatchObject({ state: "critical", threshold: { warning: 2, critical: 6 } });
    expect(objects[0]?.words.title).toMatch(/^The newest event is 15 min old; .* was 2 min\.$/);
    await write([minutesAgo(5)]);
    expect(await stateOfIt()).toBe("warning");
    await write([new Date()]);
    expect(await stateOfIt()).toBe("ok");
  });
});
