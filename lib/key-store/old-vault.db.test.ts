import { createHmac, randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { dataKeyOf, sealPersonal } from "../audit-db/vault/personal.ts";
import type { Vault } from "../audit-db/vault/types.ts";
import { indexContext } from "../audit-db/vault/wrap.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { migrateConsole } from "../db/migrate.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { vaultOn } from "./open-vault.ts";
import { closePolicy, destroyKey, keepKey, listSubjectKeys, markKey } from "./subject-keys.ts";

/** The last migration under which a person had one key for everything. */
const lastBefore = "0011_alerts";
const folder = mkdtempSync(path.join(tmpdir(), "old-vault-"));
const masterKeyFile = path.join(folder, "master-keys.json");
const people = ["active", "erasing", "erased"] as const;
type State = (typeof people)[number];
interface OldPerson {
  id: string;
  token: string;
  keyId: Buffer;
  personal: Buffer;
}
const old = {} as Record<State, OldPerson>;
let database: TestDatabase;
let console_: ConsoleDb;
let vault: Vault;

beforeAll(async () => {
  createMasterKeyFile(masterKeyFile);
  database = await createDatabase({ template: "empty" });
  await migrateUntil(lastBefore);
  await layDown();
  await migrateConsole(database.url);
  console_ = openConsoleDb(database.url);
  vault = vaultOn(console_, openMasterKeyFile(masterKeyFile));
});

afterAll(async () => {
  await vault.close();
  await console_.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

async function migrateUntil(last: string): Promise<void> {
  const copy = path.join(folder, "migrations");
  cpSync(path.resolve("drizzle/console"), copy, { recursive: true });
  const journal = path.join(copy, "meta/_journal.json");
  const { entries, ...rest } = JSON.parse(readFileSync(journal, "utf8")) as { entries: { tag: string }[] };
  const kept = entries.slice(0, entries.findIndex(({ tag }) => tag === last) + 1);
  writeFileSync(journal, JSON.stringify({ ...rest, entries: kept }));
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  await migrate(drizzle(sql), { migrationsFolder: copy });
  await sql.end();
}

/** People as the version before kept them: one key each, whatever the target and policy. */
async function layDown(): Promise<void> {
  const masterKeys = openMasterKeyFile(masterKeyFile);
  const indexKey = randomBytes(32);
  const index = await masterKeys.wrap(indexKey, indexContext);
  await database.sql`
    insert into vault.index_key (wrapped_key, master_key_id) values (${index.wrappedKey}, ${index.masterKeyId})`;
  for (const state of people) {
    const [id, token, keyId] = [
      `old-${state}`,
      `p_${randomBytes(16).toString("base64url")}`,
      randomBytes(16),
    ];
    const key = randomBytes(32);
    const { wrappedKey, masterKeyId } = await masterKeys.wrap(key, token);
    const gone = state === "erased";
    await database.sql`
      insert into vault.subject (token, key_id, state, wrapped_key, master_key_id, erasing_at, erased_at)
      values (${token}, ${keyId}, ${state}, ${gone ? null : wrappedKey}, ${gone ? null : masterKeyId},
              ${state === "active" ? null : new Date()}, ${gone ? new Date() : null})`;
    const blindIndex = createHmac("sha256", indexKey).update(id).digest();
    if (state === "active")
      await database.sql`insert into vault.blind_index (blind_index, token) values (${blindIndex}, ${token})`;
    const personal = sealPersonal({ id, name: "Ada" }, dataKeyOf(token, keyId, key), "e/actor");
    old[state] = { id, token, keyId, personal };
  }
}

const place = { target: "audit", policy: "standard" };
const inRow = ({ token, personal }: OldPerson, where = place) => ({
  ...where,
  token,
  personal,
  context: "e/actor",
});

test("old rows open, marked and erased people stay erased", async () => {
  expect(await vault.reveal(people.map((state) => inRow(old[state])))).toEqual([
    { state: "readable", person: { id: old.active.id, name: "Ada" } },
    { state: "erased" },
    { state: "erased" },
  ]);
  const rows = await database.sql`
    select token, state, target, policy, subject is null as nobody from vault.subject_key
    order by array_position(array['active', 'erasing', 'erased'], state)`;
  expect(rows).toEqual(
    people.map((state) => ({
      token: old[state].token,
      state,
      target: null,
      policy: null,
      nobody: state === "erased",
    })),
  );
});

test("no subject is named after anything that stays of its key", async () => {
  const subjects = await database.sql<{ id: string }[]>`select id from vault.subject`;
  expect(subjects).toHaveLength(2);
  for (const { id } of subjects)
    expect(people.map((state) => old[state].keyId.toString("hex"))).not.toContain(id.replaceAll("-", ""));
});

test("an old key seals nothing more, and a search finds old and new on every target", async () => {
  const { id, token } = old.active;
  const [here, there] = await vault.protect(
    ["audit", "other"].map((target) => ({ person: { id }, target, policy: "standard", context: "e2/actor" })),
  );
  expect(new Set([token, here?.token, there?.token]).size).toBe(3);
  expect((await vault.tokensOf([id], "audit"))[0]?.toSorted()).toEqual([token, here?.token].toSorted());
  expect((await vault.tokensOf([id], "other"))[0]?.toSorted()).toEqual([token, there?.token].toSorted());
  // Marked before the upgrade: the person's next event begins anew, and what stood before is not theirs.
  const [again] = await vault.protect([{ person: { id: old.erasing.id }, ...place, context: "e3/actor" }]);
  expect(await vault.tokensOf([old.erasing.id], "audit")).toEqual([[again?.token]]);
});

test("what was sealed with the old key is tried as a repeat", async () => {
  const { id, token, personal } = old.active;
  const person = { person: { id, name: "Ada" }, ...place, context: "e/actor" };
  const [now] = await vault.protect([person]);
  const [candidates] = await vault.protectUnderAll([person]);
  expect(candidates?.map((one) => one.token)).toEqual([now?.token, token]);
  expect(candidates?.[1]?.personal).toEqual(personal);
});

test("an old key is closed policy by policy, kept for the last, and goes with it", async () => {
  const { id, token } = old.active;
  const { sql } = console_;
  expect(await keepKey(sql, token)).toBe(true);
  await closePolicy(sql, token, "audit", "standard");
  await closePolicy(sql, token, "audit", "standard");
  const states = async () =>
    (
      await vault.reveal([
        inRow(old.active),
        inRow(old.active, { target: "audit", policy: "confidential" }),
        inRow(old.active, { target: "other", policy: "standard" }),
      ])
    ).map(({ state }) => state);
  expect(await states()).toEqual(["erased", "readable", "readable"]);
  const [subject] = await vault.subjectsOf([id]);
  const listed = await listSubjectKeys(sql, subject ?? "");
  // Two were made in the same moment.
  expect(listed.toSorted((a, b) => (a.target ?? "").localeCompare(b.target ?? ""))).toMatchObject([
    { token, target: null, policy: null, state: "kept", closed: [{ target: "audit", policy: "standard" }] },
    { target: "audit", policy: "standard", state: "active", closed: [] },
    { target: "other", policy: "standard", state: "active", closed: [] },
  ]);
  await markKey(sql, token);
  await sql.begin((tx) => destroyKey(tx as never, token, 0));
  expect(await states()).toEqual(["erased", "erased", "erased"]);
  expect((await vault.tokensOf([id], "audit"))[0]).toHaveLength(1);
  expect(await vault.subjectsOf([id])).toEqual([subject]);
});
