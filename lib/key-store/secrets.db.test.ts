import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { destroySecret, getSecret, putSecret, replaceSecret, type SecretName } from "./secrets.ts";
import { wrappedTables } from "./wrapped-tables.ts";

const folder = mkdtempSync(path.join(tmpdir(), "secrets-"));
const file = path.join(folder, "master-keys.json");
let database: TestDatabase;
let console_: ConsoleDb;

beforeAll(async () => {
  createMasterKeyFile(file);
  database = await createDatabase({ template: "console" });
  console_ = openConsoleDb(database.url, { max: 2 });
});
afterAll(async () => {
  await console_.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const masterKeys = openMasterKeyFile(file);
const put = (name: SecretName, text: string) => putSecret(console_.db, masterKeys, name, Buffer.from(text));
const read = async (name: SecretName) => String(await getSecret(console_.db, masterKeys, name));

test("every table that holds a wrapped key is one that rotation knows", async () => {
  const columns = await database.sql<{ name: string }[]>`
    select distinct table_schema || '.' || table_name as name from information_schema.columns
    where column_name in ('wrapped_key', 'master_key_id') order by 1`;
  expect(columns.map(({ name }) => name)).toEqual(wrappedTables.map(({ table }) => table).toSorted());
});

test("a secret is kept by purpose and name, replaced, and destroyed", async () => {
  const hook: SecretName = { purpose: "webhook_secret", name: "orders / Zürich" };
  const first = await put(hook, "one");
  await put({ ...hook, purpose: "target_password" }, "another purpose");
  expect(await read(hook)).toBe("one");
  await expect(put(hook, "two")).rejects.toMatchObject({ code: "CONFLICT" });
  const second = await replaceSecret(console_.db, masterKeys, hook, Buffer.from("two"));
  expect(second).not.toBe(first);
  expect(await read(hook)).toBe("two");
  expect([await destroySecret(console_.db, hook), await destroySecret(console_.db, hook)]).toEqual([
    true,
    false,
  ]);
  await expect(read(hook)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(replaceSecret(console_.db, masterKeys, hook, Buffer.from("three"))).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  expect(await read({ ...hook, purpose: "target_password" })).toBe("another purpose");
});

test("it belongs to the transaction that keeps it", async () => {
  const name: SecretName = { purpose: "request_key", name: "undone" };
  await expect(
    console_.db.transaction(async (tx) => {
      await putSecret(tx, masterKeys, name, Buffer.from("x"));
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  await expect(read(name)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("no row holds a secret in the clear, and none opens in another's place", async () => {
  const [mine, theirs]: SecretName[] = [
    { purpose: "target_password", name: "mine" },
    { purpose: "target_password", name: "theirs" },
  ] as const;
  if (!mine || !theirs) throw new Error("two names");
  const old = await put(mine, "correct horse battery");
  await put(theirs, "staple");
  const [dump] = await database.sql<{ text: string }[]>`
    select string_agg(secret::text, '') as text from vault.secret`;
  expect(dump?.text).not.toContain(Buffer.from("correct horse").toString("hex"));
  const refused = { code: "UNAVAILABLE", message: expect.stringContaining("does not open") };
  const { sql } = database;

  // The other's key in this row.
  await sql`
    update vault.secret set wrapped_key = other.wrapped_key from vault.secret as other
    where secret.name = 'mine' and other.name = 'theirs'`;
  await expect(read(mine)).rejects.toMatchObject(refused);
  // The other's whole row under this name, or for another purpose.
  await sql`delete from vault.secret where name = 'mine'`;
  await sql`update vault.secret set name = 'mine' where name = 'theirs'`;
  await expect(read(mine)).rejects.toMatchObject(refused);
  await sql`update vault.secret set name = 'theirs' where name = 'mine'`;
  expect(await read(theirs)).toBe("staple");
  await sql`update vault.secret set purpose = 'signing_key' where name = 'theirs'`;
  await expect(read({ ...theirs, purpose: "signing_key" })).rejects.toMatchObject(refused);

  // What a secret was before it was replaced, put back beside its new id.
  await put(mine, "correct horse battery");
  const [before] = await sql`select wrapped_key from vault.secret where name = 'mine'`;
  await replaceSecret(console_.db, masterKeys, mine, Buffer.from("new"));
  await sql`update vault.secret set wrapped_key = ${before?.wrapped_key} where name = 'mine'`;
  await expect(read(mine)).rejects.toMatchObject(refused);
  expect(old).toMatch(/^[0-9a-f-]{36}$/);
});
