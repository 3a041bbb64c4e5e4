import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { createLogger } from "../../log/log.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { createCostMeter, createCostSampler } from "./cost-sampler.ts";

const logger = createLogger({ level: "silent", name: "test" });

for (const server of [15, 18] as const) {
  let database: TestDatabase;
  let audit: AuditDb;
  beforeAll(async () => {
    database = await createDatabase({ template: "empty", server });
    audit = connect({ target: "cost", urls: { watch: await database.login(["pg_monitor"]) }, logger });
    await vi.waitFor(() => expect(audit.status().state).toBe("up"), 30_000);
  });
  afterAll(async () => {
    await audit.close();
    await database.drop();
  });

  test(`PostgreSQL ${server}: counts our role's tagged statements and nobody else's`, async () => {
    const sampler = createCostSampler(createCostMeter());
    if (sampler.form !== "totals") throw new Error("it samples totals");
    const sample = async () => (await sampler.sample(audit, { instances: async () => [] })).values;
    const probe = () =>
      audit.use("watch", "test.probe", (sql) => sql`select count(*) from pg_class, generate_series(1, 5)`);
    await probe();
    await sample();
    const before = await sample();
    for (let i = 0; i < 7; i++) await probe();
    // The same role without the tag, and another role with it: neither is ours.
    await audit.use("watch", "test.untagged", (sql) =>
      sql.unsafe("do $$ begin perform 1 from pg_attribute; end $$"),
    );
    for (let i = 0; i < 5; i++) await database.sql`select /* dashboard:false.flag */ count(*) from pg_proc`;
    const after = await sample();
    const calls = (after["collector.statements"] ?? 0) - (before["collector.statements"] ?? 0);
    expect(calls).toBeGreaterThanOrEqual(7);
    // The sampler's own question and the engine's probe count too, nothing else does.
    expect(calls).toBeLessThan(7 + 5);
    expect(after["collector.execMs"]).toBeGreaterThan(before["collector.execMs"] ?? 0);
    expect(after["collector.everybodyExecMs"]).toBeGreaterThan(after["collector.execMs"] ?? 0);
  });
}
