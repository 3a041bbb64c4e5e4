import { randomUUID } from "node:crypto";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";

const commitment = "0f".repeat(32);
const slot = (byte: string) => byte.repeat(16);
const none = slot("00");
const salts = ["a1", "b2", "c3", "d4"].map(slot).join("");
/** With these slots emptied. */
const without = (...slots: number[]) =>
  `salts = '\\x${salts.replace(/.{32}/g, (of, at) => (slots.includes(at / 32) ? none : of))}'`;
const details = `details = '{"redacted": "${commitment}"}'`;
const refused = { code: "42501", message: expect.stringMatching(/append-only|keeps its events/) };

describe.each([15, 18] as const)("the guards on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let member: Sql;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    // Everything is granted, so that what refuses is the guard.
    await database.sql`grant all on audit_log, audit_quarantine to audit_privacy`;
    member = postgres(await database.login(["audit_privacy"]), { max: 1, onnotice: () => {} });
  });
  afterAll(async () => {
    await member.end();
    await database.sql`revoke all on audit_log, audit_quarantine from audit_privacy`;
    await database.drop();
  });

  async function add(table: string, version: number, more: Record<string, unknown> = {}) {
    const id = randomUUID();
    const row = {
      ...{ id, occurred_at: new Date().toISOString(), recorded_at: new Date().toISOString() },
      ...{ organization_id: "o", action: "a.b", status: "success", target_id: "t", outcome: "told" },
      ...{ correlation_id: "c", event_version: "1", data_classification: "INTERNAL" },
      ...{ retention_policy: "standard", details: { a: 1 }, leaf_version: `${version}` },
      ...{ leaf: `\\x${"11".repeat(32)}`, salts: version < 2 ? null : `\\x${salts}` },
      ...{ actor_personal: "\\x0102", actor_digest: `\\x${"22".repeat(32)}` },
      ...(table === "audit_quarantine" && { reason: "no_partition" }),
      ...more,
    };
    const names = Object.keys(row);
    await database.sql.unsafe(
      `insert into ${table} (${names}) select ${names} from jsonb_populate_record(null::${table}, $1::text::jsonb)`,
      [JSON.stringify(row)],
    );
    return id;
  }

  /** As the role itself. */
  const change = (table: string, id: string, set: string, as = member) =>
    as.begin(async (tx) => {
      await tx`set local role audit_privacy`;
      return (await tx.unsafe(`update ${table} set ${set} where id = '${id}'`)).count;
    });

  describe.each(["audit_log", "audit_quarantine"])("on %s", (table) => {
    test.each([
      ["details", `${details}, ${without(0)}`],
      ["a text", `outcome = 'redacted:${commitment}', ${without(2)}`],
      [
        "all four and a ciphertext",
        `${details}, target_id = 'redacted:${commitment}', outcome = 'redacted:${commitment}',
         correlation_id = 'redacted:${commitment}', ${without(0, 1, 2, 3)}, actor_personal = null`,
      ],
      ["a ciphertext alone", "actor_personal = null"],
    ])("a redaction passes: %s", async (_, set) => {
      expect(await change(table, await add(table, 2), set)).toBe(1);
    });

    test.each([
      ["details", `details = '{"redacted": true}'`],
      ["texts", "target_id = null, outcome = null, correlation_id = null"],
      ["a ciphertext", "actor_personal = null"],
    ])("a redaction of version 1 passes: %s", async (_, set) => {
      expect(await change(table, await add(table, 1), set)).toBe(1);
      const before = await add(table, 0, { leaf: "\\x" });
      expect(await change(table, before, set)).toBe(1);
    });

    test.each([
      ["another column with it", `${details}, ${without(0)}, action = 'x'`],
      ["the time of recording with it", `${details}, ${without(0)}, recorded_at = now() - interval '1 hour'`],
      ["the leaf with it", `${details}, ${without(0)}, leaf = sha256('x')`],
      ["the version with it", `${details}, ${without(0)}, leaf_version = 1`],
      ["a token with it", `${details}, ${without(0)}, actor_token = 'p_other'`],
      ["a digest with the ciphertext", "actor_personal = null, actor_digest = null"],
      ["the salt alone", without(0)],
      ["another salt", `salts = overlay(salts placing '\\x00' from 1)`],
      ["another field's salt with it", `${details}, ${without(0, 2)}`],
      ["the value alone", details],
      ["no salts at all", `${details}, salts = null`],
      ["salts that are too short", `${details}, salts = '\\x${none}'`],
      ["details to nothing", `details = null, ${without(0)}`],
      ["details to the marker of version 1", `details = '{"redacted": true}', ${without(0)}`],
      ["details to other words", `details = '{"redacted": "gone"}', ${without(0)}`],
      [
        "details to more than a commitment",
        `details = '{"redacted": "${commitment}", "a": 1}', ${without(0)}`,
      ],
      ["details to a list", `details = '["redacted", "${commitment}"]', ${without(0)}`],
      [
        "details as another number",
        `details = '{"a": 1.0}', outcome = 'redacted:${commitment}', ${without(2)}`,
      ],
      ["a text to nothing", `outcome = null, ${without(2)}`],
      ["a text to another", `outcome = 'denied', ${without(2)}`],
      ["a text to a commitment and more", `outcome = 'redacted:${commitment} ', ${without(2)}`],
      ["a text to a commitment and a line", `outcome = e'redacted:${commitment}\\n', ${without(2)}`],
      ["a text to a commitment in capitals", `outcome = 'redacted:${"0F".repeat(32)}', ${without(2)}`],
      ["another ciphertext", "actor_personal = '\\x03'"],
      ["a ciphertext where there was none", "target_personal = '\\x03'"],
    ])("refused: %s", async (_, set) => {
      await expect(change(table, await add(table, 2), set)).rejects.toMatchObject(refused);
    });

    test("refused: to bring a value back, another commitment, or one for what was null", async () => {
      const id = await add(table, 2, { correlation_id: null, salts: `\\x${salts.slice(0, 96)}${none}` });
      const emptied = `salts = '\\x${none}${salts.slice(32, 96)}${none}'`;
      await change(table, id, `${details}, ${emptied}`);
      for (const set of [
        `details = '{"a": 1}', salts = '\\x${salts.slice(0, 96)}${none}'`,
        `details = '{"a": 1}'`,
        `details = '{"redacted": "${"ab".repeat(32)}"}'`,
        `correlation_id = 'redacted:${commitment}'`,
        `correlation_id = 'c'`,
      ])
        await expect(change(table, id, set)).rejects.toMatchObject(refused);
    });

    test("refused: a value that looks like a commitment losing its salt", async () => {
      const id = await add(table, 2, { outcome: `redacted:${commitment}` });
      await expect(change(table, id, without(2))).rejects.toMatchObject(refused);
    });

    test.each([
      ["details to a commitment", details],
      ["a text to a commitment", `outcome = 'redacted:${commitment}'`],
      ["a text to another", "outcome = 'denied'"],
      ["salts", `salts = '\\x${salts}'`],
      ["another column with it", "outcome = null, action = 'x'"],
    ])("refused of version 1: %s", async (_, set) => {
      await expect(change(table, await add(table, 1), set)).rejects.toMatchObject(refused);
    });

    test("refused of version 1: to bring back what was taken away", async () => {
      const id = await add(table, 1);
      await change(table, id, `details = '{"redacted": true}', outcome = null`);
      await expect(change(table, id, "outcome = 'told'")).rejects.toMatchObject(refused);
      await expect(change(table, id, `details = '{"a": 1}'`)).rejects.toMatchObject(refused);
    });

    test("refused: of a version that the guard does not know", async () => {
      const id = await add(table, 3);
      await expect(change(table, id, `${details}, ${without(0)}`)).rejects.toMatchObject(refused);
    });

    test("refused: a member, the owner and a superuser who have not become the role", async () => {
      const id = await add(table, 2);
      const set = `update ${table} set ${details}, ${without(0)} where id = '${id}'`;
      const owner = postgres(await database.login(["audit_maintainer", "audit_privacy"]), { max: 1 });
      for (const sql of [member, owner, database.sql])
        await expect(sql.unsafe(set)).rejects.toMatchObject(refused);
      await expect(
        database.sql.begin(async (tx) => {
          await tx`set local session_replication_role = replica`;
          await tx.unsafe(set);
        }),
      ).rejects.toMatchObject(refused);
      await owner.end();
      const [row] = await database.sql`select details from ${database.sql(table)} where id = ${id}`;
      expect(row?.details).toEqual({ a: 1 });
    });

    test("refused: DELETE and TRUNCATE as the role", async () => {
      const id = await add(table, 2);
      for (const statement of [`delete from ${table} where id = '${id}'`, `truncate ${table}`])
        await expect(
          member.begin(async (tx) => {
            await tx`set local role audit_privacy`;
            await tx.unsafe(statement);
          }),
        ).rejects.toMatchObject(refused);
    });
  });

  test("refused: to change nothing", async () => {
    await expect(change("audit_log", await add("audit_log", 2), "outcome = outcome")).rejects.toMatchObject(
      refused,
    );
  });

  test("refused: through a branch, a partition, and a table that was detached", async () => {
    const id = await add("audit_log", 2);
    const [found] = await database.sql<{ name: string }[]>`
      select tableoid::regclass::text as name from audit_log where id = ${id}`;
    const partition = found?.name ?? "";
    for (const table of ["audit_log_standard", partition]) {
      await database.sql`grant all on ${database.sql(table)} to audit_privacy`;
      await expect(change(table, id, `${details}, ${without(0)}`)).rejects.toMatchObject(refused);
    }
    await database.sql`alter table audit_log_standard detach partition ${database.sql(partition)}`;
    await expect(change(partition, id, `${details}, ${without(0)}`)).rejects.toMatchObject(refused);
    await expect(change(partition, id, "action = 'x'")).rejects.toMatchObject(refused);
  });

  test("the role may not settle what waits in quarantine", async () => {
    const id = await add("audit_quarantine", 2);
    await database.sql`revoke all on audit_quarantine from audit_privacy`;
    await database.sql`grant select, update (details, salts) on audit_quarantine to audit_privacy`;
    await expect(change("audit_quarantine", id, "resolved_at = now()")).rejects.toMatchObject({
      code: "42501",
    });
    await database.sql`update audit_quarantine set resolved_at = now(), resolution = 'replayed' where id = ${id}`;
    expect(await change("audit_quarantine", id, `${details}, ${without(0)}`)).toBe(1);
    await database.sql`grant all on audit_quarantine to audit_privacy`;
  });
});
