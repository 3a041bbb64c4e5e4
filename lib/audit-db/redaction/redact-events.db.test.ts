import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { type RecomputedRow, recomputeLeaf } from "../../testing/recompute-leaf.ts";
import { createTestVault, type TestVault } from "../../testing/vault.ts";
import { append } from "../append/append.ts";
import type { EventInput } from "../append/event-schema.ts";
import { replayQuarantine } from "../append/replay-quarantine.ts";
import { connect } from "../connect.ts";
import type { AuditDb } from "../types.ts";
import { redactEvents } from "./redact-events.ts";
import { vacuumTouched } from "./vacuum-touched.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("redacting events on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let keys: TestVault;
  let audit: AuditDb;

  beforeAll(async () => {
    [database, keys] = await Promise.all([createDatabase({ server, template: "audit" }), createTestVault()]);
    const [watch, write, privacy, maintenance] = [
      await database.login(["pg_monitor"]),
      await database.login(["audit_writer"]),
      await database.login(["audit_privacy"]),
      await database.login(["audit_maintainer"]),
    ];
    audit = connect({
      target: "audit",
      urls: { watch, write, privacy, maintenance },
      logger: silent,
      vault: keys.vault,
    });
  });
  afterAll(async () => {
    await audit.close();
    await Promise.all([database.drop(), keys.drop()]);
  });

  const add = async (more: Partial<EventInput> = {}) => {
    const [event] = await append(audit, [
      {
        organizationId: "o",
        action: "record.viewed",
        status: "success",
        targetType: "person",
        targetId: "someone@example.com",
        outcome: "Zoë was told",
        correlationId: "c-zoe",
        details: { mail: "zoe@example.com", n: [1, 2.5] },
        ...more,
      },
    ]);
    if (!event) throw new Error("nothing was appended");
    return event;
  };
  const stored = async (id: string, table = "audit_log") => {
    const [row] = await database.sql`
      select *, encode(leaf, 'hex') as hex, (extract(epoch from occurred_at) * 1000000)::int8::text as occurred,
             (extract(epoch from recorded_at) * 1000000)::int8::text as recorded
      from ${database.sql(table)} where id = ${id}`;
    if (!row) throw new Error("no such row");
    const given = { ...row, occurredMicros: BigInt(row.occurred), recordedMicros: BigInt(row.recorded) };
    return { row, strangersLeaf: recomputeLeaf(given as unknown as RecomputedRow) };
  };

  test("takes the values and leaves a leaf that anybody can make anew", async () => {
    const { id, occurredAt, leaf } = await add();
    const done = await redactEvents(audit, [{ id, occurredAt, fields: ["details", "outcome"] }]);
    expect(done).toMatchObject({ missing: [], rows: [{ id, outcome: "redacted", leaf, leafVersion: 2 }] });
    const { row, strangersLeaf } = await stored(id);
    expect([row.hex, strangersLeaf]).toEqual([leaf, leaf]);
    const { details, outcome } = done.rows[0]?.fields ?? {};
    expect(row).toMatchObject({
      details: { redacted: details },
      outcome: `redacted:${outcome}`,
      target_id: "someone@example.com",
    });
    expect(await redactEvents(audit, [{ id, occurredAt, fields: ["details", "outcome"] }])).toEqual({
      rows: [{ ...done.rows[0], outcome: "already" }],
      missing: [],
      partitions: [],
    });
    expect(await vacuumTouched(audit, done.partitions)).toEqual([
      { partition: done.partitions[0], deadRows: 0 },
    ]);
  });

  test("a look tells what would be done and does nothing", async () => {
    const { id, occurredAt } = await add();
    const asked = { id, occurredAt, fields: ["targetId" as const] };
    const looked = await redactEvents(audit, [asked], { look: true });
    expect((await stored(id)).row.target_id).toBe("someone@example.com");
    expect(await redactEvents(audit, [asked])).toEqual(looked);
  });

  test("removes ciphertexts, and what was null from the beginning is no redaction", async () => {
    const { id, occurredAt, leaf } = await add({
      ...{ outcome: null, actor: { id: "u-1", name: "Ada" }, targetPerson: { id: "u-2" } },
    });
    const done = await redactEvents(audit, [
      { id, occurredAt, fields: ["outcome", "correlationId"], personal: ["actor"] },
    ]);
    expect(done.rows).toMatchObject([
      {
        outcome: "redacted",
        personal: ["actor"],
        fields: { correlationId: expect.stringMatching(/^.{64}$/) },
      },
    ]);
    expect(done.rows[0]?.fields).not.toHaveProperty("outcome");
    const { row, strangersLeaf } = await stored(id);
    expect([row.actor_personal, row.outcome, strangersLeaf]).toEqual([null, null, leaf]);
    expect(row.target_personal).not.toBe(null);
  });

  test("a row that is not as it was written is left alone unless told, and what stands nowhere is named", async () => {
    const [changed, whole] = [await add(), await add()];
    const [found] =
      await database.sql`select tableoid::regclass::text as name from audit_log where id = ${changed.id}`;
    const partition = database.sql(found?.name);
    await database.sql`alter table ${partition} disable trigger all`;
    await database.sql`update ${partition} set action = 'another' where id = ${changed.id}`;
    await database.sql`alter table ${partition} enable always trigger audit_log_guard_row`;
    await database.sql`alter table ${partition} enable always trigger audit_log_guard_statement`;
    const nobody = { id: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071", occurredAt: whole.occurredAt };
    const asked = [changed, whole, nobody].map(({ id, occurredAt }) => ({
      ...{ id, occurredAt, fields: ["details" as const] },
    }));
    const { rows, missing, partitions } = await redactEvents(audit, asked);
    expect(Object.fromEntries(rows.map(({ id, outcome }) => [id, outcome]))).toEqual({
      [changed.id]: "leaf differs",
      [whole.id]: "redacted",
    });
    expect([missing, partitions]).toEqual([[nobody], [`public.${found?.name}`]]);
    const again = asked.slice(0, 1).map((one) => ({ ...one, evenIfLeafDiffers: true }));
    expect((await redactEvents(audit, again)).rows).toMatchObject([{ outcome: "redacted" }]);
    expect((await stored(changed.id)).row.details).toEqual({ redacted: expect.any(String) });
  });

  test("an event that waits is redacted there, goes to the log as it is, and its repeat is known in both", async () => {
    const given = { retentionPolicy: `later_${server}` };
    const first = await add(given);
    expect(first.outcome).toBe("quarantined");
    const { id, occurredAt } = first;
    const again = { ...given, id, occurredAt, recordedAt: occurredAt };
    const done = await redactEvents(audit, [{ id, occurredAt, fields: ["details", "outcome"] }]);
    expect(done).toMatchObject({
      rows: [{ table: "audit_quarantine", outcome: "redacted", leaf: first.leaf }],
      partitions: ["public.audit_quarantine"],
    });
    const { row, strangersLeaf } = await stored(id, "audit_quarantine");
    expect([row.hex, strangersLeaf]).toEqual([first.leaf, first.leaf]);
    expect(await add(again)).toMatchObject({ outcome: "quarantined", leaf: first.leaf });
    await database.sql`
      insert into retention_policy (name, data_classification, floor_days, legal_basis)
      values (${given.retentionPolicy}, 'INTERNAL', 1, 'a test')`;
    await database.sql.unsafe(`
      set role audit_maintainer;
      create table audit_log_${given.retentionPolicy} partition of audit_log for values in ('${given.retentionPolicy}')
        partition by range (occurred_at);
      create table audit_log_${given.retentionPolicy}_now partition of audit_log_${given.retentionPolicy}
        for values from ('2020-01-01') to ('2100-01-01');
      reset role`);
    expect(await replayQuarantine(audit, [id])).toEqual([{ id, outcome: "stored" }]);
    expect((await stored(id)).strangersLeaf).toBe(first.leaf);
    expect(await add(again)).toMatchObject({ outcome: "duplicate", leaf: first.leaf });
    // Both copies, the one that is settled too.
    const rest = await redactEvents(audit, [{ id, occurredAt, fields: ["correlationId"] }]);
    expect(rest.rows.map(({ table, outcome }) => [table, outcome])).toEqual([
      ["audit_quarantine", "redacted"],
      ["audit_log", "redacted"],
    ]);
    expect(rest.rows[0]?.fields).toEqual(rest.rows[1]?.fields);
  });

  test("repeats are told apart by the stored salts, and what cannot be compared counts as the same", async () => {
    const recordedAt = new Date(Date.now() - 5_000).toISOString();
    const fixed = { recordedAt, outcome: null, id: undefined };
    const { id, occurredAt, leaf } = await add(fixed);
    const repeat = (more: Partial<EventInput> = {}) =>
      add({ ...fixed, id, occurredAt, recordedAt: undefined, ...more });
    expect(await repeat()).toMatchObject({ outcome: "duplicate", leaf });
    expect(await repeat({ details: { other: true } })).toMatchObject({ outcome: "conflict", leaf });
    expect(await repeat({ correlationId: null })).toMatchObject({ outcome: "conflict" });
    // A value where the standing row has none from the beginning: its leaf says so.
    expect(await repeat({ outcome: "denied" })).toMatchObject({ outcome: "conflict" });
    await redactEvents(audit, [{ id, occurredAt, fields: ["correlationId"] }]);
    expect(await repeat()).toMatchObject({ outcome: "duplicate", leaf });
    expect(await repeat({ correlationId: "whatever" })).toMatchObject({ outcome: "duplicate" });
    expect(await repeat({ correlationId: null })).toMatchObject({ outcome: "conflict" });
  });

  test("twice in one call: the first is kept, the second known by its salts", async () => {
    const id = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f60aa";
    const occurredAt = new Date().toISOString();
    const one = { id, occurredAt, organizationId: "o", action: "a.b", status: "success" as const };
    const answers = await append(audit, [one, one, { ...one, action: "a.c" }]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(["stored", "duplicate", "conflict"]);
    expect(new Set(answers.map(({ leaf }) => leaf))).toEqual(new Set([(await stored(id)).row.hex]));
  });

  test("a connection whose role may not redact is told what to grant", async () => {
    const { id, occurredAt } = await add();
    const reader = await database.login(["audit_reader"]);
    const other = connect({ target: "audit", urls: { watch: reader, privacy: reader }, logger: silent });
    await expect(redactEvents(other, [{ id, occurredAt, fields: ["details"] }])).rejects.toMatchObject({
      code: "FORBIDDEN",
      hint: expect.stringContaining("GRANT audit_privacy"),
    });
    await other.close();
    const fields = ["details" as const];
    await expect(redactEvents(audit, [{ id: "x", occurredAt, fields }])).rejects.toMatchObject({
      code: "BAD_INPUT",
    });
    await expect(redactEvents(audit, [{ id, occurredAt: "now", fields }])).rejects.toMatchObject({
      code: "BAD_INPUT",
    });
  });

  test("two at once: each row is redacted once, and the other finds it done", async () => {
    const events = await Promise.all(Array.from({ length: 20 }, () => add()));
    const asked = events.map(({ id, occurredAt }) => ({ id, occurredAt, fields: ["details" as const] }));
    const done = await Promise.all([redactEvents(audit, asked), redactEvents(audit, asked.toReversed())]);
    const outcomes = done.flatMap(({ rows }) => rows.map(({ outcome }) => outcome));
    expect(outcomes.filter((outcome) => outcome === "redacted")).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === "already")).toHaveLength(20);
  });
});
