import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { connect } from "../connect.ts";
import type { AuditDb } from "../types.ts";
import { append, appendRows } from "./append.ts";
import { sealEvents } from "./append-rows.ts";
import { fixEvents, prepareEvents } from "./event.ts";
import type { EventInput } from "./event-schema.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const event = (more: Partial<EventInput> = {}): EventInput => ({
  organizationId: "org-1",
  action: "record.viewed",
  status: "success",
  ...more,
});

describe.each([15, 18] as const)("append on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    const [watch, write] = [await database.login(["pg_monitor"]), await database.login(["audit_writer"])];
    audit = connect({ target: "audit", urls: { watch, write }, logger: silent });
  });

  afterAll(async () => {
    await audit.close();
    await database.drop();
  });

  test("stores every field as given, microseconds and awkward text included", async () => {
    const given = event({
      occurredAt: `${new Date().toISOString().slice(0, 19)}.123456Z`,
      targetType: "invoice",
      targetId: "a\tb\\N\nc\r\"'",
      outcome: "\\.",
      correlationId: "c-1",
      eventVersion: 3,
      dataClassification: "CONFIDENTIAL",
      retentionPolicy: "confidential",
      processingMs: 12,
      details: { amount: 1.5, note: "tab\tnew\nline \\ ünï 😀", nested: { list: [1, null, true] } },
      actorToken: "sub_a",
      targetToken: "sub_b",
    });
    const [result] = await append(audit, [given]);
    expect(result?.outcome).toBe("stored");
    const [row] = await database.sql`
      select *, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredText"
      from audit_log where id = ${result?.id ?? ""}`;
    expect(row).toMatchObject({
      occurredText: given.occurredAt,
      organization_id: "org-1",
      action: "record.viewed",
      status: "success",
      target_type: "invoice",
      target_id: given.targetId,
      outcome: "\\.",
      correlation_id: "c-1",
      event_version: 3,
      data_classification: "CONFIDENTIAL",
      retention_policy: "confidential",
      processing_ms: 12,
      details: given.details,
      actor_token: "sub_a",
      target_token: "sub_b",
    });
  });

  test.each([
    ["a tab and a line end", "a\tb\n"],
    ["ASCII's separators", "a\x1fb\x1ec\x1dd"],
    ["a backslash before x and quotes", "\\x41'\"{}"],
    ["half a pair's neighbours", "\ud7ff\ue000\ufdcf\ufdf0\ufffd\u{10fffd}"],
  ])("text with %s stands in its own column, unchanged, beside others", async (_, text) => {
    const plain = event({ targetId: "plain" });
    const odd = event({
      organizationId: text,
      action: text,
      targetType: text,
      targetId: text,
      outcome: text,
      correlationId: text,
      actorToken: text,
      targetToken: text,
      details: { [text]: [text] },
    });
    const results = await append(audit, [plain, odd, plain]);
    const [, row] = await database.sql`
      select * from audit_log where id in ${database.sql(results.map(({ id }) => id))}
      order by array_position(${results.map(({ id }) => id)}::uuid[], id)`;
    expect(row).toMatchObject({
      organization_id: text,
      action: text,
      target_type: text,
      target_id: text,
      outcome: text,
      correlation_id: text,
      actor_token: text,
      target_token: text,
      details: { [text]: [text] },
    });
  });

  test("events whose ids the engine makes wait in quarantine with their reason, the rest is stored", async () => {
    const results = await append(audit, [
      event(),
      event({ retentionPolicy: "no_such_policy" }),
      event({ occurredAt: "2001-01-01T00:00:00Z" }),
      event({ occurredAt: new Date(Date.now() + 6 * 60_000) }),
      event({ occurredAt: new Date(Date.now() + 4 * 60_000) }),
    ]);
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["stored", undefined],
      ["quarantined", "unknown_policy"],
      ["quarantined", "no_partition"],
      ["quarantined", "too_far_ahead"],
      ["stored", undefined],
    ]);
    const stored = await database.sql`
      select id from audit_log where id in ${database.sql(results.map(({ id }) => id))}`;
    expect(stored).toHaveLength(2);
  });

  test("rows taken for new that stand there already are found out", async () => {
    const fixed = fixEvents([event(), event({ retentionPolicy: "no_such_policy" })]);
    const rows = await sealEvents(fixed, audit);
    const first = await appendRows(audit, rows);
    const second = await sealEvents(fixEvents([event()]), audit);
    expect(await appendRows(audit, [...rows, ...second])).toEqual([
      { ...first[0], outcome: "duplicate" },
      first[1],
      expect.objectContaining({ outcome: "stored" }),
    ]);
  });

  test("one id in two spellings is one event, one moment in two spellings one key", async () => {
    const id = "01939D0A-00AA-7000-8000-0000000000FF";
    const at = new Date().toISOString().slice(0, 19);
    const results = await append(audit, [
      event({ id, occurredAt: `${at}.5Z` }),
      event({ id: id.toLowerCase(), occurredAt: `${at}.500000+00:00` }),
    ]);
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      [id.toLowerCase(), "stored"],
      [id.toLowerCase(), "duplicate"],
    ]);
  });

  test("a repeat of the same events adds nothing and says so", async () => {
    const events = prepareEvents(Array.from({ length: 200 }, (_, i) => event({ details: { i } })));
    const before = await counted();
    expect(new Set((await append(audit, events)).map((r) => r.outcome))).toEqual(new Set(["stored"]));
    expect(new Set((await append(audit, events)).map((r) => r.outcome))).toEqual(new Set(["duplicate"]));
    expect(await counted()).toBe(before + 200);
  });

  test("one event twice in a batch is stored once, answered once as stored and once as duplicate", async () => {
    const [same] = prepareEvents([event()]);
    if (!same) throw new Error("no event");
    expect((await append(audit, [same, same])).map((r) => r.outcome)).toEqual(["stored", "duplicate"]);
  });

  test("what fits nowhere waits in quarantine with its reason, and the rest of the batch is stored", async () => {
    const ahead = new Date(Date.now() + 6 * 60_000);
    const batch = prepareEvents([
      event(),
      event({ retentionPolicy: "no_such_policy" }),
      event({ occurredAt: new Date("2001-01-01T00:00:00Z") }),
      event({ occurredAt: ahead }),
      event({ occurredAt: new Date(Date.now() + 4 * 60_000) }),
    ]);
    const expected = [
      ["stored", undefined],
      ["quarantined", "unknown_policy"],
      ["quarantined", "no_partition"],
      ["quarantined", "too_far_ahead"],
      ["stored", undefined],
    ];
    expect((await append(audit, batch)).map((r) => [r.outcome, r.reason])).toEqual(expected);
    const again = await append(audit, batch);
    expect(again.map((r) => r.outcome)).toEqual([
      "duplicate",
      "quarantined",
      "quarantined",
      "quarantined",
      "duplicate",
    ]);
    const waiting = await database.sql`
      select reason from audit_quarantine where id in ${database.sql(batch.map((e) => e.id))} order by reason`;
    expect(waiting.map((row) => row.reason)).toEqual(["no_partition", "too_far_ahead", "unknown_policy"]);
  });

  test("what waits in quarantine is not stored behind its back once a partition has come", async () => {
    const [old] = prepareEvents([event({ occurredAt: new Date("2002-02-02T00:00:00Z") })]);
    if (!old) throw new Error("no event");
    await append(audit, [old]);
    await database.sql`
      create table audit_log_standard_2002_02 partition of audit_log_standard
      for values from ('2002-02-01 00:00:00+00') to ('2002-03-01 00:00:00+00')`;
    expect(await append(audit, [old])).toMatchObject([{ outcome: "quarantined", reason: "no_partition" }]);
    await database.sql`
      update audit_quarantine set resolved_at = now(), resolution = 'released' where id = ${old.id}`;
    expect(await append(audit, [old])).toMatchObject([{ outcome: "stored" }]);
  });

  test("bad input is refused whole, with the path of what is wrong", async () => {
    const before = await counted();
    const refused = await append(audit, [
      event(),
      event({ details: { deep: [1, { amount: Number.NaN }] } }),
    ]).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({
      code: "BAD_INPUT",
      fields: { "1.details.deep.1.amount": "must be a finite number" },
    });
    expect(await counted()).toBe(before);
  });

  test("two writers of the same events at once neither deadlock nor double", async () => {
    const events = prepareEvents(Array.from({ length: 1_000 }, () => event()));
    const before = await counted();
    const results = await Promise.all([append(audit, events), append(audit, [...events].reverse())]);
    expect(results.flat().filter((r) => r.outcome === "stored")).toHaveLength(1_000);
    expect(await counted()).toBe(before + 1_000);
  });

  test("a writer cut off in the middle of its insert appends once, by its own repeat", async () => {
    const events = prepareEvents([event(), event()]);
    const holder = await database.sql.reserve();
    await holder`begin`;
    await holder`lock table audit_log in exclusive mode`;
    const appending = append(audit, events);
    await expect
      .poll(async () => {
        const cut = await database.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%engine.append%'`;
        return cut.length;
      })
      .toBe(1);
    await holder`rollback`;
    holder.release();
    expect((await appending).map((r) => r.outcome)).toEqual(["stored", "stored"]);
    expect(await append(audit, events)).toMatchObject([{ outcome: "duplicate" }, { outcome: "duplicate" }]);
  });

  test("the largest batch of the largest events is refused in words before anything is sent", async () => {
    const large = event({ details: { text: "x".repeat(65_000) } });
    await expect(
      append(
        audit,
        Array.from({ length: 5_000 }, () => large),
      ),
    ).rejects.toMatchObject({
      code: "TOO_LARGE",
    });
    const results = await append(
      audit,
      Array.from({ length: 100 }, () => large),
    );
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["stored"]));
  });

  test("a database without our schema is named as such", async () => {
    const empty = await createDatabase({ server, template: "empty" });
    const bare = connect({ target: "bare", urls: { watch: empty.url, write: empty.url }, logger: silent });
    await expect(append(bare, [event()])).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await bare.close();
    await empty.drop();
  });

  async function counted(): Promise<number> {
    const [row] = await database.sql`select count(*)::int as n from audit_log`;
    return row?.n as number;
  }
});
