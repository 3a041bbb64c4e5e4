import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getEventsPerDay } from "./get-events-per-day.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  const open: AuditDb[] = [];
  const watch = async (groups: string[]) => {
    const audit = connect({ target: "t", urls: { watch: await database.login(groups) }, logger: quiet });
    open.push(audit);
    return audit;
  };

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
  });
  afterAll(async () => {
    await Promise.all(open.map((audit) => audit.close()));
    await database?.drop();
  });

  test("equals a count of the rows by day and policy, in UTC", async () => {
    const now = new Date();
    // Rows around UTC midnight, in this month's partitions, whatever the server's time zone.
    const [bounds] = await database.sql<{ first: Date }[]>`
      select date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' as first`;
    const first = bounds?.first ?? now;
    const midnight = new Date(first.getTime() + 86_400_000);
    const times = [
      [new Date(first.getTime() + 1_000), "standard"],
      [new Date(midnight.getTime() - 1), "standard"],
      [midnight, "standard"],
      [midnight, "minimal"],
    ] as const;
    for (const [occurredAt, policy] of times)
      await database.sql`
        insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
          data_classification, retention_policy, details, leaf_version, leaf)
        values (${randomUUID()}, ${occurredAt}, ${occurredAt}, 'acme', 'report.read', 'success', 1,
          ${policy === "minimal" ? "PUBLIC" : "INTERNAL"}, ${policy}, '{}', 0, '')`;

    const audit = await watch(["pg_monitor", "audit_reader"]);
    const later = new Date(midnight.getTime() + 3_600_000);
    const { data, unavailable, source } = await getEventsPerDay(audit, 2, later);
    const day = (at: Date) => at.toISOString().slice(0, 10);
    expect(unavailable).toBeUndefined();
    expect(source).toBe("audit_log");
    expect(data).toEqual({
      from: first,
      to: new Date(midnight.getTime() + 86_400_000),
      policies: ["minimal", "standard"],
      days: [
        { day: day(first), retentionPolicy: "standard", events: 2 },
        { day: day(midnight), retentionPolicy: "minimal", events: 1 },
        { day: day(midnight), retentionPolicy: "standard", events: 1 },
      ],
      total: 4,
    });
    const onlyLastDay = await getEventsPerDay(audit, 1, later);
    expect(onlyLastDay.data.total).toBe(2);
  });

  test("without the grant it says which one, and that one is enough", async () => {
    const audit = await watch(["pg_monitor"]);
    const refused = await getEventsPerDay(audit, 30, new Date());
    expect(refused.data.days).toEqual([]);
    expect(refused.unavailable?.code).toBe("no_grant");
    await database.sql.unsafe(refused.unavailable?.enable ?? "");
    const granted = await getEventsPerDay(audit, 29, new Date());
    expect(granted.unavailable).toBeUndefined();
  });

  test("without our schema it is not installed", async () => {
    const foreign = await createDatabase({ server, template: "empty" });
    const audit = connect({ target: "f", urls: { watch: foreign.url }, logger: quiet });
    try {
      expect((await getEventsPerDay(audit, 7, new Date())).unavailable?.code).toBe("not_installed");
    } finally {
      await audit.close();
      await foreign.drop();
    }
  });
});
