import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRows } from "../audit-db/append/append.ts";
import { sealEvents } from "../audit-db/append/append-rows.ts";
import { fixEvents } from "../audit-db/append/event.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { replayQuarantine } from "../audit-db/append/replay-quarantine.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { unknownPolicy } from "../audit-db/vault/types.ts";
import { destroyKey, keepKey, markKey } from "../key-store/subject-keys.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createTestVault, type TestVault } from "../testing/vault.ts";
import { searchEvents } from "./search-events.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const policies = ["standard", "confidential", "minimal"];

describe.each([15, 18] as const)("keys of people in events on PostgreSQL %i", (server) => {
  let keys: TestVault;
  let databases: TestDatabase[];
  let targets: AuditDb[];
  let [database, audit] = [] as unknown as [TestDatabase, AuditDb];
  const started = Date.now();
  const range = { from: new Date(started - 60_000), to: new Date(started + 600_000) };

  beforeAll(async () => {
    keys = await createTestVault();
    databases = await Promise.all([1, 2].map(() => createDatabase({ server, template: "audit" })));
    targets = await Promise.all(
      databases.map(async (one, at) =>
        connect({
          target: ["audit", "billing"][at] as string,
          urls: {
            watch: await one.login(["pg_monitor"]),
            read: await one.login(["audit_reader"]),
            write: await one.login(["audit_writer"]),
            maintenance: await one.login(["audit_maintainer"]),
          },
          logger: silent,
          vault: keys.vault,
        }),
      ),
    );
    [database, audit] = [databases[0] as TestDatabase, targets[0] as AuditDb];
  });
  afterAll(async () => {
    await Promise.all(targets.map((one) => one.close()));
    await Promise.all(databases.map((one) => one.drop()));
    await keys.drop();
  });

  const event = (id: string, more: Partial<EventInput> = {}): EventInput => ({
    organizationId: "org-1",
    action: "record.viewed",
    status: "success",
    details: {},
    actor: { id, name: `name of ${id}` },
    ...more,
  });
  /** An event that is the same when it is sent again. */
  const fixed = (id: string, more: Partial<EventInput> = {}) =>
    event(id, { id: uuidV7(Date.now()), occurredAt: new Date(), ...more });
  const foundFor = async (id: string, on = audit) =>
    (await searchEvents(on, { ...range, actor: id })).data.events.map((one) => one.id);
  const rowOf = async (id: string, table = "audit_log", on = database) => {
    const [row] = await on.sql`select * from ${on.sql(table)} where id = ${id}`;
    return row;
  };
  const reveal = async (ids: readonly string[], on = audit, where = database) =>
    Promise.all(
      ids.map(async (id) => {
        const row = await rowOf(id, "audit_log", where);
        const [answer] = await keys.vault.reveal([
          {
            token: row?.actor_token,
            personal: row?.actor_personal,
            context: `${id}/actor`,
            target: on.target,
            policy: row?.retention_policy,
          },
        ]);
        return answer?.state;
      }),
    );
  const forgetKeys = async () => {
    const tokens = await keys.console.sql<{ token: string }[]>`select token from vault.subject_key`;
    keys.vault.evict(tokens.map(({ token }) => token));
  };
  const erase = async (token: string) => {
    await markKey(keys.console.sql, token);
    await keys.console.sql.begin((tx) => destroyKey(tx as never, token, 0));
    await forgetKeys();
  };

  test("one policy of one target is erased, the person's other events stay readable and theirs", async () => {
    const ids: string[][] = [];
    for (const target of targets) {
      const stored = await target.append(
        policies.map((retentionPolicy) => event("ada", { retentionPolicy })),
      );
      ids.push(stored.map(({ id }) => id));
    }
    const [here, there] = ids as [string[], string[]];
    const tokens = await Promise.all([
      ...here.map(async (id) => (await rowOf(id))?.actor_token),
      ...there.map(async (id) => (await rowOf(id, "audit_log", databases[1]))?.actor_token),
    ]);
    expect(new Set(tokens).size).toBe(6);
    expect((await foundFor("ada")).toSorted()).toEqual(here.toSorted());

    await erase(tokens[0]);
    expect(await reveal(here)).toEqual(["erased", "readable", "readable"]);
    expect(await reveal(there, targets[1], databases[1])).toEqual(["readable", "readable", "readable"]);
    expect((await foundFor("ada")).toSorted()).toEqual(here.slice(1).toSorted());
    expect((await foundFor("ada", targets[1])).toSorted()).toEqual(there.toSorted());
    const [link] = await keys.console.sql`select subject from vault.subject_key where token = ${tokens[0]}`;
    expect(link).toEqual({ subject: null });
    // Whoever still has the token finds the rows, and nobody behind them.
    expect(await foundFor(tokens[0])).toEqual([here[0]]);
  });

  test("an event sent again after its key was kept is a duplicate, other content a conflict", async () => {
    const sent = fixed("bo", { targetPerson: { id: "bo-2" }, targetId: "bo-2" });
    const [first] = await audit.append([sent]);
    const row = await rowOf(first?.id ?? "");
    for (const token of [row?.actor_token, row?.target_token]) await keepKey(keys.console.sql, token);
    await forgetKeys();
    expect(await audit.append([sent])).toEqual([{ ...first, outcome: "duplicate" }]);
    expect(await audit.append([sent, sent, event("bo")])).toMatchObject([
      { outcome: "duplicate", leaf: first?.leaf },
      { outcome: "duplicate", leaf: first?.leaf },
      { outcome: "stored" },
    ]);
    for (const other of [
      { ...sent, actor: { id: "bo", name: "another name" } },
      { ...sent, actor: { id: "somebody else", name: "name of bo" } },
      { ...sent, details: { more: 1 } },
    ])
      expect(await audit.append([other])).toEqual([{ ...first, outcome: "conflict" }]);
    // Its key is gone: nothing tells that it is the same any more.
    await erase(row?.actor_token);
    expect(await audit.append([sent])).toEqual([{ ...first, outcome: "conflict" }]);
  });

  test("an event from before policies is a duplicate when it is sent again", async () => {
    const sent = fixed("cy");
    const [row] = await sealEvents(fixEvents([sent]), audit);
    if (!row) throw new Error("nothing was sealed");
    await appendRows(audit, [row]);
    await keys.console.sql`
      update vault.subject_key set target = null, policy = null where token = ${row.actorToken}`;
    await forgetKeys();
    expect(await audit.append([sent])).toMatchObject([{ outcome: "duplicate", leaf: row.leaf }]);
    const [next] = await audit.append([event("cy")]);
    expect((await rowOf(next?.id ?? ""))?.actor_token).not.toBe(row.actorToken);
    expect((await foundFor("cy")).toSorted()).toEqual([sent.id, next?.id].toSorted());
    expect(await reveal([sent.id as string, next?.id as string])).toEqual(["readable", "readable"]);
  });

  test("an unknown policy has a key of its own; replayed, a repeat is a duplicate and both are found", async () => {
    const policy = `late_${server}`;
    const sent = fixed("dee", { retentionPolicy: policy });
    const [waiting] = await audit.append([sent]);
    expect(waiting).toMatchObject({ outcome: "quarantined", reason: "unknown_policy" });
    const { actor_token: token } = (await rowOf(sent.id ?? "", "audit_quarantine")) ?? {};
    const [key] = await keys.console.sql`select target, policy from vault.subject_key where token = ${token}`;
    expect(key).toEqual({ target: "audit", policy: unknownPolicy });
    expect(await audit.append([sent])).toEqual([waiting]);

    await addPolicy(policy);
    const again = async () => audit.append([sent]);
    // Sealed under the policy's own key by now: the one that waits is the same event all the same.
    await expect.poll(() => audit.knownPolicies([policy]).then((known) => known.has(policy))).toBe(true);
    expect(await again()).toEqual([waiting]);
    expect(await replayQuarantine(audit)).toEqual([{ id: sent.id, outcome: "stored" }]);
    expect((await rowOf(sent.id ?? ""))?.actor_token).toBe(token);
    expect(await again()).toMatchObject([{ outcome: "duplicate", leaf: waiting?.leaf }]);
    const [next] = await audit.append([event("dee", { retentionPolicy: policy })]);
    expect((await rowOf(next?.id ?? ""))?.actor_token).not.toBe(token);
    expect((await foundFor("dee")).toSorted()).toEqual([sent.id, next?.id].toSorted());
    expect(await reveal([sent.id as string, next?.id as string])).toEqual(["readable", "readable"]);
  });

  test("what waits and stands in the log under another key is settled as a duplicate, other content stays a conflict", async () => {
    const policy = `twice_${server}`;
    const [same, other] = [
      fixed("eve", { retentionPolicy: policy }),
      fixed("eve", { retentionPolicy: policy }),
    ];
    await audit.append([same, other]);
    await addPolicy(policy);
    await expect.poll(() => audit.knownPolicies([policy]).then((known) => known.has(policy))).toBe(true);
    // Another process that looked for waiting events before these waited.
    const raced = [same, { ...other, actor: { id: "eve", name: "another name" } }];
    const rows = await sealEvents(fixEvents(raced), audit);
    expect(
      await appendRows(
        audit,
        rows.map((row) => ({ ...row, isNew: true })),
      ),
    ).toMatchObject([{ outcome: "stored" }, { outcome: "stored" }]);
    const replayed = await replayQuarantine(audit);
    expect(Object.fromEntries(replayed.map(({ id, outcome }) => [id, outcome]))).toEqual({
      [same.id as string]: "duplicate",
      [other.id as string]: "conflict",
    });
    expect(await rowOf(same.id ?? "", "audit_quarantine")).toMatchObject({ resolution: "duplicate" });
    expect(await rowOf(other.id ?? "", "audit_quarantine")).toMatchObject({ resolved_at: null });
  });

  test("a person with several tokens is paged through as one, whichever side of an event they are on", async () => {
    const at = (n: number) => new Date(started + Math.floor(n / 2));
    const stored = await audit.append(
      Array.from({ length: 21 }, (_, n) =>
        event("fay", {
          retentionPolicy: policies[n % 3] as string,
          occurredAt: at(n),
          targetPerson: { id: n % 4 === 0 ? "gus" : "hal" },
        }),
      ),
    );
    await audit.append([event("somebody else")]);
    const plain = async (where: string) =>
      (
        await database.sql.unsafe<{ id: string }[]>(
          `select id from audit_log where id = any('{${stored.map(({ id }) => id).join(",")}}') and ${where}
           order by occurred_at desc, id desc`,
        )
      ).map(({ id }) => id);
    const [tokens] = await keys.vault.tokensOf(["gus"], audit.target);
    const gus = `target_token in (${tokens?.map((token) => `'${token}'`).join(", ")})`;
    expect(tokens).toHaveLength(3);
    for (const [filters, where, count] of [
      [{ actor: "fay" }, "true", 21],
      [{ target: "gus" }, gus, 6],
      [{ actor: "fay", target: "gus" }, gus, 6],
      [{ actor: "fay", policy: "minimal" }, "retention_policy = 'minimal'", 7],
    ] as const) {
      const expected = await plain(where);
      expect(expected).toHaveLength(count);
      const pages: string[] = [];
      for (let before: { occurredAt: string; id: string } | undefined; ; ) {
        const { data } = await searchEvents(audit, { ...range, ...filters }, { before, limit: 4 });
        pages.push(...data.events.map(({ id }) => id));
        if (!data.older) break;
        before = data.older;
      }
      expect(pages).toEqual(expected);
      const oldest = expected.at(-1) ?? "";
      const { data } = await searchEvents(audit, { ...range, ...filters }, { limit: 100 });
      const key = data.events.find(({ id }) => id === oldest);
      const after = key && { occurredAt: key.occurredAt, id: key.id };
      const newer = await searchEvents(audit, { ...range, ...filters }, { after, limit: 100 });
      expect(newer.data.events.map(({ id }) => id)).toEqual(expected.slice(0, -1));
    }
  });

  async function addPolicy(name: string): Promise<void> {
    await database.sql`
      insert into retention_policy (name, data_classification, floor_days, legal_basis)
      values (${name}, 'INTERNAL', 1, 'test')`;
    await database.sql.unsafe(`
      create table audit_log_${name} partition of audit_log for values in ('${name}') partition by range (occurred_at);
      create table audit_log_${name}_all partition of audit_log_${name}
      for values from ('2020-01-01 00:00:00+00') to ('2100-01-01 00:00:00+00')`);
  }
});

test("policies are read on the write connection once in some seconds, and anew when an unknown one comes", async () => {
  const database = await createDatabase({ template: "audit" });
  const keys = await createTestVault();
  const audit = connect({
    target: "audit",
    urls: { watch: await database.login(["pg_monitor"]), write: await database.login(["audit_writer"]) },
    logger: silent,
    vault: keys.vault,
  });
  const known = await audit.knownPolicies(["standard"]);
  expect([...known].toSorted()).toEqual(["confidential", "minimal", "phi", "standard"]);
  expect(await audit.knownPolicies(["standard", "phi"])).toBe(known);
  await database.sql`
    insert into retention_policy (name, data_classification, floor_days, legal_basis)
    values ('fresh', 'INTERNAL', 1, 'test')`;
  expect(await audit.knownPolicies(["standard"])).toBe(known);
  await expect
    .poll(async () => (await audit.knownPolicies(["fresh"])).has("fresh"), { timeout: 30_000 })
    .toBe(true);
  await audit.close();
  await Promise.all([database.drop(), keys.drop()]);
});
