import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { type LossyProxy, startLossyProxy } from "../../testing/lossy-proxy.ts";
import { createTestVault, type TestVault, testPlace } from "../../testing/vault.ts";
import { connect } from "../connect.ts";
import type { AuditDb } from "../types.ts";
import { appendRows } from "./append.ts";
import { sealEvents } from "./append-rows.ts";
import { fixEvents } from "./event.ts";
import type { EventInput } from "./event-schema.ts";
import { leafHexWith } from "./leaf.ts";
import { uuidV7 } from "./uuid-v7.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const event = (more: Partial<EventInput> = {}): EventInput => ({
  organizationId: "org-1",
  action: "record.viewed",
  status: "success",
  ...more,
});
const person = { id: "u-1", name: "Ada Example", email: "ada@example.test", ip: "192.0.2.1" };

let database: TestDatabase;
let proxy: LossyProxy;
let keys: TestVault;
let audit: AuditDb;

beforeAll(async () => {
  [database, keys] = await Promise.all([
    createDatabase({ template: "audit", since: Date.now() - 60_000 }),
    createTestVault(),
  ]);
  proxy = await startLossyProxy(database.url);
  const [watch, write] = [await database.login(["pg_monitor"]), await database.login(["audit_writer"])];
  audit = connect({
    target: "audit",
    urls: { watch, write: proxy.url(write), maintenance: database.url },
    logger: silent,
    vault: keys.vault,
  });
});

afterAll(async () => {
  await audit.close();
  await proxy.close();
  await Promise.all([database.drop(), keys.drop()]);
});

const rowsOf = (id: string) => database.sql`select * from audit_log where id = ${id}`;
const counted = async () => (await database.sql`select count(*)::int as n from audit_log`)[0]?.n as number;

describe("people", () => {
  test("are stored as ciphertext under a token, nothing of them in the clear", async () => {
    const [stored] = await audit.append([
      event({ actor: person, targetPerson: { id: "u-2", name: "Bodil Ask" } }),
    ]);
    const [row] = await rowsOf(stored?.id ?? "");
    expect(row?.actor_token).toMatch(/^p_[A-Za-z0-9_-]{22}$/);
    expect(row?.target_id).toBe(row?.target_token);
    expect(row?.target_token).not.toBe(row?.actor_token);
    const everything = JSON.stringify(row) + row?.actor_personal.toString("latin1");
    for (const secret of ["Ada", "ada@example.test", "192.0.2.1", "u-1", "u-2", "Bodil"])
      expect(everything).not.toContain(secret);
    const place = { ...testPlace, token: row?.actor_token, personal: row?.actor_personal };
    const revealed = await keys.vault.reveal([
      { ...place, context: `${stored?.id}/actor` },
      { ...place, context: `${stored?.id}/target` },
    ]);
    expect(revealed).toMatchObject([{ state: "readable", person }, { state: "unreadable" }]);
  });

  test("the same event sent again is a duplicate with the stored leaf, other content a conflict", async () => {
    const again = { id: uuidV7(Date.now()), occurredAt: new Date() };
    const [first] = await audit.append([event({ ...again, actor: person })]);
    const [repeat] = await audit.append([event({ ...again, actor: person })]);
    expect(repeat).toEqual({ ...first, outcome: "duplicate" });
    const [other] = await audit.append([event({ ...again, actor: { ...person, ip: "192.0.2.9" } })]);
    expect(other).toEqual({ ...first, outcome: "conflict" });
    const [details] = await audit.append([event({ ...again, actor: person, details: { x: 1 } })]);
    expect(details?.outcome).toBe("conflict");
    expect(await rowsOf(again.id)).toHaveLength(1);
  });

  test("their ids stay out of target_id too: their token takes its place", async () => {
    const [ada, bo] = [
      { id: "Ada-4711", email: "ada.4711@example.test" },
      { id: "bo-4712", email: "bo.4712@example.test" },
    ];
    const stored = await audit.append([
      event({ targetPerson: ada, targetId: "Ada-4711" }),
      event({ targetPerson: ada, targetId: " ADA.4711@example.test " }),
      event({ actor: ada, targetId: "ada-4711" }),
      event({ actor: ada, targetPerson: bo, targetId: "Ada-4711" }),
      event({ actor: ada, targetPerson: bo, targetId: "document 4713" }),
    ]);
    const rows = await database.sql`
      select target_id, actor_token, target_token, audit_log::text as text from audit_log
      where id = any (${stored.map(({ id }) => id)}::uuid[]) order by array_position(${stored.map(({ id }) => id)}::uuid[], id)`;
    const [tokenOfAda, tokenOfBo] = (await keys.vault.tokensOf([ada.id, bo.id], audit.target)).flat();
    expect(rows.map((row) => [row.target_id, row.target_token])).toEqual([
      [tokenOfAda, tokenOfAda],
      [tokenOfAda, tokenOfAda],
      [tokenOfAda, tokenOfAda],
      [tokenOfAda, tokenOfBo],
      ["document 4713", tokenOfBo],
    ]);
    // Digits alone stand by chance in ids and ciphertext.
    for (const { text } of rows) expect(text).not.toMatch(/(?:ada|bo)[-.]471/i);
  });

  test("an event kept with an id in target_id, as earlier versions did, is a duplicate when it is sent again", async () => {
    const sent = event({
      actor: person,
      targetId: person.id,
      id: uuidV7(Date.now()),
      occurredAt: new Date(),
    });
    const [row] = await sealEvents(fixEvents([sent], new Date(Date.now() - 60_000)), audit);
    if (!row?.former) throw new Error("the id was not found in target_id");
    const { former, ...now } = row;
    const kept = { ...now, ...former };
    const leaf = leafHexWith(kept, row.detailsText);
    expect(await appendRows(audit, [{ ...kept, leaf }])).toMatchObject([{ outcome: "stored", leaf }]);
    expect(await audit.append([sent])).toMatchObject([{ outcome: "duplicate", leaf }]);
    expect(await audit.append([{ ...sent, targetId: "another" }])).toMatchObject([{ outcome: "conflict" }]);
  });

  test("a row from before leaves existed is a duplicate by its key, its leaf being empty", async () => {
    const old = { id: uuidV7(Date.now()), occurredAt: new Date() };
    await database.sql`
      insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
                             data_classification, retention_policy, details, leaf_version, leaf)
      values (${old.id}, ${old.occurredAt}, ${old.occurredAt}, 'org-1', 'record.viewed', 'success', 1, 'INTERNAL',
              'standard', '{}', 0, '')`;
    const [repeat] = await audit.append([event(old)]);
    expect(repeat).toMatchObject({ id: old.id, outcome: "duplicate", leaf: "" });
  });

  test("in quarantine they are ciphertext too", async () => {
    const [waiting] = await audit.append([event({ actor: person, retentionPolicy: "none_such" })]);
    expect(waiting).toMatchObject({ outcome: "quarantined", reason: "unknown_policy" });
    const [row] = await database.sql`
      select audit_quarantine::text as text, actor_personal is not null as sealed, encode(leaf, 'hex') as leaf
      from audit_quarantine where id = ${waiting?.id ?? ""}`;
    expect(row).toMatchObject({ sealed: true, leaf: waiting?.leaf });
    expect(row?.text).not.toContain("Ada");
  });

  test("without a vault they are refused before anything is written", async () => {
    const bare = connect({
      target: "bare",
      urls: { watch: database.url, write: database.url },
      logger: silent,
    });
    const before = await counted();
    await expect(bare.append([event(), event({ actor: person })])).rejects.toMatchObject({
      code: "UNSUPPORTED",
    });
    expect(await counted()).toBe(before);
    await bare.close();
  });
});

describe("a lost answer", () => {
  /** What ReadyForQuery in idle state ends is the answer to something that has committed. */
  const committed = (tag: string) => (answer: Buffer) =>
    answer.toString("latin1").endsWith(`${tag}\0Z\0\0\0\x05I`);
  const people = [person, { id: "u-9", name: "Zoë" }];
  const given = (more: (at: number) => Partial<EventInput>) =>
    Array.from({ length: 300 }, (_, at) =>
      event({ details: { at }, actor: people[at % 2] as typeof person, ...more(at) }),
    );

  test.each([
    ["with ids of the engine's", () => ({}), "SELECT 0"],
    ["with ids of the caller's", () => ({ id: uuidV7(), occurredAt: new Date() }), "SELECT 300"],
  ])("between COMMIT and answer, %s: the repeat finds the rows and doubles none", async (_, more, tag) => {
    const [before, lostBefore] = [await counted(), proxy.lost];
    proxy.loseWhen(committed(tag));
    const results = await audit.append(given(more));
    expect(proxy.lost).toBe(lostBefore + 1);
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["duplicate"]));
    expect(await counted()).toBe(before + 300);
    const rows = await database.sql<{ id: string; leaf: string }[]>`
      select id, encode(leaf, 'hex') as leaf from audit_log where id in ${database.sql(results.map(({ id }) => id))}`;
    expect(new Map(rows.map(({ id, leaf }) => [id, leaf]))).toEqual(
      new Map(results.map(({ id, leaf }) => [id, leaf])),
    );
  });

  test("to COMMIT itself, under an idempotency key: the repeat is given what was stored", async () => {
    const before = await counted();
    const lostBefore = proxy.lost;
    proxy.loseWhen(committed("COMMIT"));
    const results = await audit.append(
      given(() => ({})),
      { idempotencyKey: "lost", idempotencyScope: "test" },
    );
    expect(proxy.lost).toBe(lostBefore + 1);
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["stored"]));
    expect(await counted()).toBe(before + 300);
    for (const { id } of [results[0], results[299]] as { id: string }[])
      expect(await rowsOf(id)).toHaveLength(1);
  });

  test("of what went to quarantine: it waits there once", async () => {
    proxy.loseWhen(committed("SELECT 300"));
    const results = await audit.append(given(() => ({ retentionPolicy: "none_such" })));
    expect(new Set(results.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(
      new Set(["quarantined unknown_policy"]),
    );
    const [waiting] = await database.sql`
      select count(*)::int as n from audit_quarantine where id in ${database.sql(results.map(({ id }) => id))}`;
    expect(waiting?.n).toBe(300);
  });
});

describe("idempotency keys", () => {
  const options = (idempotencyKey: string) => ({ idempotencyKey, idempotencyScope: "test" });

  test("a repeat without ids answers the first answer and stores nothing more", async () => {
    const events = [event({ details: { n: 1 } }), event({ actor: person })];
    const first = await audit.append(events, options("k-1"));
    const before = await counted();
    expect(await audit.append(events, options("k-1"))).toEqual(first);
    expect(await counted()).toBe(before);
    const [kept] = await database.sql`select results::text as text from audit_idempotency where key = 'k-1'`;
    expect(kept?.text).not.toContain("Ada");
  });

  test("a key used for another request is a conflict, and another scope's key is another", async () => {
    await audit.append([event()], options("k-2"));
    await expect(audit.append([event({ action: "other" })], options("k-2"))).rejects.toMatchObject({
      code: "CONFLICT",
    });
    const other = await audit.append([event({ action: "other" })], {
      idempotencyKey: "k-2",
      idempotencyScope: "else",
    });
    expect(other[0]?.outcome).toBe("stored");
  });

  test("ten at once write once", async () => {
    const before = await counted();
    const results = await Promise.all(
      Array.from({ length: 10 }, () => audit.append([event()], options("k-3"))),
    );
    expect(new Set(results.map(([one]) => one?.id)).size).toBe(1);
    expect(await counted()).toBe(before + 1);
  });
});

describe("single events", () => {
  test("arrivals share transactions, and each caller gets its own result", async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        audit.append([event({ details: { i }, correlationId: `one-${i}` })]),
      ),
    );
    const rows = await database.sql`
      select correlation_id as correlation, id, xact_id::text as xact from audit_log
      where correlation_id like 'one-%'`;
    expect(rows).toHaveLength(200);
    for (const [i, [one]] of results.entries())
      expect(rows.find((row) => row.correlation === `one-${i}`)?.id).toBe(one?.id);
    const transactions = new Set(rows.map((row) => row.xact)).size;
    expect(transactions).toBeGreaterThanOrEqual(2);
    expect(transactions).toBeLessThan(20);
  });

  test("one that is refused fails nobody else", async () => {
    const settled = await Promise.allSettled([
      audit.append([event()]),
      audit.append([event({ details: { bad: Number.NaN } })]),
      audit.append([event({ retentionPolicy: "none_such" })]),
      audit.append([event()]),
    ]);
    expect(
      settled.map((one) => (one.status === "fulfilled" ? one.value[0]?.outcome : one.reason.code)),
    ).toEqual(["stored", "BAD_INPUT", "quarantined", "stored"]);
  });
});
