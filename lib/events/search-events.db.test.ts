import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { EventFilters, EventKey } from "../audit-log/event-filters.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createTestVault, type TestVault } from "../testing/vault.ts";
import { getEvent } from "./get-event.ts";
import { searchEvents } from "./search-events.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const start = Date.now() - 3_600_000;

let database: TestDatabase;
let keys: TestVault;
let audit: AuditDb;

/** Two events a second, many at the same moment, in two policies, about two people. */
function event(i: number): EventInput {
  return {
    occurredAt: new Date(start + Math.floor(i / 3) * 1_000),
    organizationId: `org-${i % 4}`,
    action: i % 5 === 0 ? "record.updated" : "record.viewed",
    status: i % 7 === 0 ? "failure" : "success",
    retentionPolicy: i % 2 === 0 ? "standard" : "confidential",
    dataClassification: i % 2 === 0 ? "INTERNAL" : "CONFIDENTIAL",
    targetType: "record",
    targetId: `record-${i % 10}`,
    correlationId: `c-${i % 20}`,
    details: { i, note: i === 17 ? "100%_sure" : "plain" },
    actor: { id: `person-${i % 2}`, name: "Ada Example" },
    ...(i % 6 === 0 && { targetPerson: { id: "patient-1" }, targetId: undefined }),
  };
}

beforeAll(async () => {
  [database, keys] = await Promise.all([
    createDatabase({ template: "audit", since: start }),
    createTestVault(),
  ]);
  audit = connect({
    target: "audit",
    urls: {
      watch: await database.login(["pg_monitor"]),
      read: await database.login(["audit_reader"]),
      write: await database.login(["audit_writer"]),
    },
    logger: silent,
    vault: keys.vault,
  });
  await audit.append(Array.from({ length: 300 }, (_, i) => event(i)));
});
afterAll(async () => {
  await audit.close();
  await Promise.all([database.drop(), keys.drop()]);
});

const range = { from: new Date(start - 60_000), to: new Date(start + 3_600_000) };

async function walk(filters: EventFilters, between?: () => Promise<unknown>): Promise<string[]> {
  const ids: string[] = [];
  for (let before: EventKey | undefined; ; ) {
    const { data } = await searchEvents(audit, filters, { before });
    ids.push(...data.events.map(({ id }) => id));
    await between?.();
    if (!data.older) return ids;
    before = data.older;
  }
}

describe("each filter finds what plain SQL finds", () => {
  test.each<[string, Partial<EventFilters>, string]>([
    ["nothing but the range", {}, "true"],
    ["an organisation", { organization: "org-3" }, "organization_id = 'org-3'"],
    ["a whole action", { action: "record.updated" }, "action = 'record.updated'"],
    ["the beginning of an action", { action: "record.*" }, "action like 'record.%'"],
    ["a status", { status: "failure" }, "status = 'failure'"],
    ["a classification", { classification: "CONFIDENTIAL" }, "data_classification = 'CONFIDENTIAL'"],
    ["a policy", { policy: "standard" }, "retention_policy = 'standard'"],
    ["a target", { target: "record-7", targetType: "record" }, "target_id = 'record-7'"],
    ["a correlation", { correlation: "c-11" }, "correlation_id = 'c-11'"],
    ["text with the wildcards of LIKE", { text: "100%_sure" }, "details ->> 'i' = '17'"],
    [
      "two at once",
      { organization: "org-1", status: "failure" },
      "organization_id = 'org-1' and status = 'failure'",
    ],
    ["nobody's id", { actor: "person-nobody" }, "false"],
  ])("%s", async (_name, filters, where) => {
    const expected = await database.sql.unsafe(
      `select id from audit_log where ${where} order by occurred_at desc, id desc`,
    );
    expect(await walk({ ...range, ...filters })).toEqual(expected.map(({ id }) => id));
  });

  test("a person by the id that stands nowhere in the log, or by the token", async () => {
    const [[token] = []] = await keys.vault.tokensOf(["person-1"], audit.target);
    const byId = await walk({ ...range, actor: "person-1" });
    expect(byId).toHaveLength(150);
    expect(await walk({ ...range, actor: token ?? "" })).toEqual(byId);
    expect(await walk({ ...range, target: "patient-1" })).toHaveLength(50);
  });
});

describe("pages", () => {
  test("hold every event once while others come in", async () => {
    const before = await walk({ ...range, correlation: undefined });
    let added = 300;
    const during = await walk(range, () => audit.append([event(added++)]));
    expect(new Set(during).size).toBe(during.length);
    expect(during.filter((id) => before.includes(id))).toEqual(before);
  });

  test("after an event come the next ones, none lost and none twice", async () => {
    const all = await walk(range);
    const { data } = await searchEvents(audit, range, { limit: 5 });
    const anchor = (await searchEvents(audit, range, { before: data.older ?? undefined, limit: 100 })).data;
    const newer = await searchEvents(audit, range, { after: anchor.newest ?? undefined, limit: 3 });
    const at = all.indexOf(anchor.newest?.id ?? "");
    expect(newer.data.events.map(({ id }) => id)).toEqual(all.slice(at - 3, at));
  });

  test("only the range's partitions are planned", async () => {
    const [plan] = await audit.use(
      "read",
      "test.plan",
      (sql) => sql<{ "QUERY PLAN": unknown }[]>`
        explain (format json) select id from public.audit_log
        where occurred_at >= ${range.from} and occurred_at < ${range.to}
        order by occurred_at desc, id desc limit 51`,
    );
    const names = [...JSON.stringify(plan).matchAll(/"Relation Name":"(audit_log_\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThanOrEqual(8);
  });
});

describe("one event", () => {
  test("has its columns, and its leaf matches until a byte is changed", async () => {
    const { data } = await searchEvents(audit, { ...range, target: "patient-1" });
    const key = data.events[0] as EventKey;
    const { data: found } = await getEvent(audit, key);
    expect(found).toMatchObject({ check: "matches", people: { actor: true, target: true }, leafVersion: 2 });
    expect(found.details.i).toEqual(expect.any(Number));
    expect(JSON.stringify(found)).not.toContain("Ada");
    const [row] =
      await database.sql`select tableoid::regclass::text as name from audit_log where id = ${key.id}`;
    const partition = database.sql(row?.name);
    await database.sql`alter table ${partition} disable trigger user`;
    await database.sql`update ${partition} set processing_ms = 1 where id = ${key.id}`;
    expect((await getEvent(audit, key)).data.check).toBe("differs");
    await database.sql`update ${partition} set processing_ms = null, actor_personal = null where id = ${key.id}`;
    expect((await getEvent(audit, key)).data).toMatchObject({
      ...{ check: "matches, redacted", redacted: ["actor"], people: { actor: false } },
    });
    await database.sql`update ${partition} set target_personal = '\\x00' where id = ${key.id}`;
    expect((await getEvent(audit, key)).data.check).toBe("differs");
  });

  test("that is not there is named as such", async () => {
    const key = { occurredAt: new Date().toISOString(), id: "01939d0a-0000-7000-8000-000000000001" };
    await expect(getEvent(audit, key)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("without what it needs", () => {
  test("a role that may not read is told the grant", async () => {
    const watch = await database.login(["pg_monitor"]);
    const bare = connect({ target: "bare", urls: { watch, read: watch }, logger: silent });
    const { data, unavailable } = await searchEvents(bare, range);
    expect(data.events).toEqual([]);
    expect(unavailable?.code).toBe("no_grant");
    await database.sql.unsafe(unavailable?.enable ?? "");
    expect((await searchEvents(bare, range)).data.events.length).toBeGreaterThan(0);
    await bare.close();
  });

  test("a stranger's database has no events of ours", async () => {
    const empty = await createDatabase({ template: "empty" });
    const bare = connect({ target: "bare", urls: { watch: empty.url, read: empty.url }, logger: silent });
    expect((await searchEvents(bare, range)).unavailable?.code).toBe("not_installed");
    await bare.close();
    await empty.drop();
  });
});
