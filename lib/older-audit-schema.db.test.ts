import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { append } from "./audit-db/append/append.ts";
import { checkLeaf } from "./audit-db/append/check-leaf.ts";
import type { EventInput } from "./audit-db/append/event-schema.ts";
import { leafHexOf } from "./audit-db/append/leaf.ts";
import { replayQuarantine } from "./audit-db/append/replay-quarantine.ts";
import { connect } from "./audit-db/connect.ts";
import { redactEvents } from "./audit-db/redaction/redact-events.ts";
import { extendPartitions } from "./audit-db/schema/extend-partitions.ts";
import { migrateAudit, planAuditMigration } from "./audit-db/schema/migrate.ts";
import type { AuditDb } from "./audit-db/types.ts";
import { getEvent, readStoredEvent } from "./events/get-event.ts";
import { searchEvents } from "./events/search-events.ts";
import { exportEvents } from "./export/export-events.ts";
import { grantDrift } from "./partitions/check-grants.ts";
import { guardTrigger } from "./partitions/check-guard-triggers.ts";
import { judge, notOk } from "./testing/judge.ts";
import { startTended, type Tended } from "./testing/tended.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const olderThan = "0004_redactable_fields";

/** An event as the version before wrote it. */
function eventOfBefore(daysAgo: number) {
  const at = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 60_000 - daysAgo * 86_400_000).toISOString();
  return {
    ...{ id: "", occurredAt: at, recordedAt: at, organizationId: "before", action: "record.viewed" },
    ...{ status: "success", targetType: "person", targetId: "zoe@example.com", outcome: "told" },
    ...{ correlationId: null, eventVersion: 1, dataClassification: "INTERNAL", retentionPolicy: "standard" },
    ...{ processingMs: null, details: { mail: "zoe@example.com" }, actorToken: null, actorDigest: null },
    ...{ targetToken: null, targetDigest: null, leafVersion: 1, salts: null },
  };
}

describe.each([15, 18] as const)("an audit schema from before leaf version 2, on PostgreSQL %i", (server) => {
  let world: Tended;
  let audit: AuditDb;
  const kept: (ReturnType<typeof eventOfBefore> & { leaf: string })[] = [];

  async function addBefore(table = "audit_log", daysAgo = 0) {
    const event = { ...eventOfBefore(daysAgo), id: `0192f3c4-5d6e-7f80-9a1b-${randomUUID().slice(-12)}` };
    const leaf = leafHexOf(event);
    await world.database.sql`
      insert into ${world.database.sql(table)} (id, occurred_at, recorded_at, organization_id, action, status, target_type,
        target_id, outcome, event_version, data_classification, retention_policy, details, leaf_version, leaf
        ${table === "audit_log" ? world.database.sql`` : world.database.sql`, reason`})
      values (${event.id}, ${event.occurredAt}, ${event.recordedAt}, ${event.organizationId}, ${event.action},
        ${event.status}, ${event.targetType}, ${event.targetId}, ${event.outcome}, 1, 'INTERNAL', 'standard',
        ${world.database.sql.json(event.details)}, 1, ${Buffer.from(leaf, "hex")}
        ${table === "audit_log" ? world.database.sql`` : world.database.sql`, 'no_partition'`})`;
    return { ...event, leaf };
  }
  const again = ({ leaf: _, leafVersion: __, salts: ___, ...event }: (typeof kept)[number]) => {
    const { actorDigest: ____, targetDigest: _____, ...given } = event;
    return given as EventInput;
  };

  beforeAll(async () => {
    world = await startTended(server, "empty");
    const { database } = world;
    const hand = postgres(database.url, { max: 1, onnotice: () => {} });
    for (const { name, sql } of (await planAuditMigration(database.url)).pending)
      if (name < olderThan || name === "partitions") await hand.unsafe(sql);
    // A month that migrating does not look at.
    await extendPartitions(hand, {
      now: new Date(),
      ahead: 0,
      from: () => new Date(Date.now() - 70 * 86_400_000),
    });
    await hand.end();
    audit = connect({
      target: "audit",
      urls: {
        watch: await database.login(["pg_monitor"]),
        read: await database.login(["audit_reader"]),
        write: await database.login(["audit_writer"]),
        privacy: await database.login(["audit_privacy"]),
        maintenance: await database.login(["audit_maintainer"]),
      },
      logger: silent,
    });
    for (let i = 0; i < 3; i++) kept.push(await addBefore());
  });
  afterAll(async () => {
    await audit.close();
    await world.close();
  });

  async function exported(): Promise<Record<string, unknown>[]> {
    const pieces: Buffer[] = [];
    const out = new Writable({
      write(piece: Buffer, _, done) {
        pieces.push(Buffer.from(piece));
        done();
      },
    });
    const filters = {
      from: new Date(Date.now() - 3_600_000),
      to: new Date(),
      organization: "before",
      restricted: [],
    };
    await exportEvents(audit, filters, { format: "ndjson" }, out, { signal: new AbortController().signal });
    return Buffer.concat(pieces)
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  test("is read, searched, exported and watched as before", async () => {
    const [first] = kept;
    if (!first) throw new Error("nothing was kept");
    expect((await getEvent(audit, first)).data).toMatchObject({
      ...{ check: "matches", leafVersion: 1, salts: null, redacted: [], outcome: "told" },
    });
    const range = {
      from: new Date(Date.now() - 3_600_000),
      to: new Date(),
      organization: "before",
      restricted: [],
    };
    expect((await searchEvents(audit, range, {})).data).toMatchObject({ events: [{}, {}, {}] });
    expect(await exported()).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: first.id, leaf: first.leaf, salts: null })]),
    );
    expect(notOk(await judge(guardTrigger, audit))).toEqual([]);
    expect((await judge(grantDrift, audit)).objects[0]).toMatchObject({
      state: "unavailable",
      unavailable: { enable: "audit-db migrate --url OWNER_URL" },
    });
  });

  test("takes no event and no redaction, and says what to do", async () => {
    const event: EventInput = { organizationId: "o", action: "a.b", status: "success" };
    const older = { code: "UNSUPPORTED", hint: expect.stringContaining("audit-db migrate") };
    await expect(append(audit, [event])).rejects.toMatchObject(older);
    const asked = {
      id: kept[0]?.id ?? "",
      occurredAt: kept[0]?.occurredAt ?? "",
      fields: ["details" as const],
    };
    await expect(redactEvents(audit, [asked])).rejects.toMatchObject(older);
  });

  test("once migrated keeps its leaves, takes back a table that was detached before, and knows a repeat", async () => {
    const { database } = world;
    const waiting = await addBefore("audit_quarantine");
    const old = await addBefore("audit_log", 65);
    const [partition] = await database.sql<{ name: string }[]>`
      select relname as name from audit_log join pg_class on pg_class.oid = audit_log.tableoid where id = ${old.id}`;
    const at = { schema: "public", name: partition?.name ?? "" };
    await database.sql`alter table audit_log_standard detach partition ${database.sql(at.name)}`;
    const steps: string[] = [];
    await migrateAudit(database.url, { onStep: ({ name }) => steps.push(name) });
    expect(steps).toContain(olderThan);
    expect(
      await database.sql`
      select convalidated as valid from pg_constraint where conname = 'audit_log_salts_check' and conrelid = 'audit_log'::regclass`,
    ).toEqual([{ valid: false }]);

    const attach = {
      verb: "attach",
      partition: at,
      table: { schema: "public", name: "audit_log_standard" },
    } as const;
    const planned = await world.plan(attach);
    expect(planned.notes).toContain("It lacks column salts: it is added, NULL in the rows that are there.");
    expect((await world.carry(planned)).filter((line) => !line.endsWith(": done"))).toEqual([]);
    expect(notOk(await judge(guardTrigger, audit))).toEqual([]);
    for (const event of [old, ...kept])
      expect((await getEvent(audit, event)).data).toMatchObject({ check: "matches", leafVersion: 1 });
    expect(notOk(await judge(grantDrift, audit))).toEqual([]);

    const [first, second] = kept as [(typeof kept)[number], (typeof kept)[number]];
    const changed = { ...again(second), outcome: "denied" };
    expect(await append(audit, [again(first), changed])).toMatchObject([
      { outcome: "duplicate", leaf: first.leaf },
      { outcome: "conflict", leaf: second.leaf },
    ]);
    const [now] = await append(audit, [{ organizationId: "o", action: "a.b", status: "success" }]);
    expect(now).toMatchObject({ outcome: "stored" });
    expect(await replayQuarantine(audit, [waiting.id])).toEqual([{ id: waiting.id, outcome: "stored" }]);
    expect((await getEvent(audit, waiting)).data).toMatchObject({ check: "matches", leafVersion: 1 });
  });

  test("a row of version 1 is redacted to a marker, which a receipt shows; a repeat is still known", async () => {
    const [, , third] = kept;
    if (!third) throw new Error("nothing was kept");
    const { id, occurredAt, leaf } = third;
    const asked = { id, occurredAt, fields: ["details", "targetId"] as const };
    expect((await redactEvents(audit, [asked])).rows).toMatchObject([
      { outcome: "redacted", leaf, leafVersion: 1, fields: { details: null, targetId: null } },
    ]);
    expect((await redactEvents(audit, [asked])).rows).toMatchObject([
      { outcome: "already", fields: { details: null, targetId: null } },
    ]);
    expect((await redactEvents(audit, [{ ...asked, fields: ["outcome"] }])).rows).toMatchObject([
      { outcome: "leaf differs", fields: {} },
    ]);
    expect((await getEvent(audit, third)).data).toMatchObject({
      ...{ check: "differs", details: { redacted: true }, targetId: null, outcome: "told" },
    });
    const row = await audit.use("read", "test", (sql) => readStoredEvent(sql, third, []));
    expect(checkLeaf(row, [{ entry: 12, leaf, fields: ["details", "targetId"] }])).toEqual({
      check: "redacted, shown by receipt",
      redacted: ["details", "targetId"],
      receipts: [12],
    });
    // Of another row, or of a field that stands there still.
    expect(checkLeaf(row, [{ entry: 12, leaf: "00", fields: ["details"] }]).check).toBe("differs");
    expect(checkLeaf(row, [{ entry: 12, leaf, fields: ["details", "outcome"] }]).check).toBe("differs");
    expect(await append(audit, [again(third)])).toMatchObject([{ outcome: "duplicate", leaf }]);
  });
});
