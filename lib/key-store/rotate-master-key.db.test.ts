import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { SealedPerson, Vault } from "../audit-db/vault/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { testPlace } from "../testing/vault.ts";
import { keepMasterKeys } from "./keep-master-keys.ts";
import { createKeyStore } from "./key-store.ts";
import { vaultOn } from "./open-vault.ts";
import { rewrapKeys } from "./rewrap-keys.ts";
import { destroyRetiredKeys, listMasterKeys, rotateMasterKey } from "./rotate-master-key.ts";
import { destroyKey, markKey } from "./subject-keys.ts";

const folder = mkdtempSync(path.join(tmpdir(), "rotation-"));
const file = path.join(folder, "master-keys.json");
const people = 1_700;
const rotationDays = 30;
let database: TestDatabase;
let console_: ConsoleDb;
let vault: Vault;
let sealed: SealedPerson[];

beforeAll(async () => {
  createMasterKeyFile(file);
  database = await createDatabase({ template: "console" });
  console_ = openConsoleDb(database.url);
  vault = vaultOn(console_, openMasterKeyFile(file));
  const given = Array.from({ length: people }, (_, at) => ({
    ...testPlace,
    person: { id: `user-${at}` },
    context: `${at}`,
  }));
  sealed = (await vault.protect(given)).map((one, at) => ({ ...one, ...testPlace, context: `${at}` }));
});

afterAll(async () => {
  await vault.close();
  await console_.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** How many of all people a process that has no key in memory can read. */
async function countReadable(): Promise<number> {
  const fresh = vaultOn(console_, openMasterKeyFile(file));
  const revealed = await fresh.reveal(sealed);
  await fresh.close();
  return revealed.filter(({ state }) => state === "readable").length;
}

const keep = (given: Partial<Parameters<typeof keepMasterKeys>[2]> = {}, from = file) => {
  const masterKeys = openMasterKeyFile(from);
  const rotate = () => rotateMasterKey(console_.sql, masterKeys);
  return keepMasterKeys(console_.sql, masterKeys, { rotationDays, rotate, ...given });
};

test("a young master key stays; its age is on record", async () => {
  expect(await keep()).toEqual({ begun: false, left: 0, destroyed: [] });
  expect(await listMasterKeys(console_.sql)).toMatchObject([{ state: "active", subjects: people }]);
});

test("a rotation that is killed half way loses nobody's key, and the next run ends it", async () => {
  const [old] = await listMasterKeys(console_.sql);
  const script = path.resolve(import.meta.dirname, "../testing/keep-master-keys.ts");
  const child = spawn(process.execPath, [script, database.url, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  const [active, retiring] = await listMasterKeys(console_.sql);
  expect([active?.state, retiring?.state, retiring?.id]).toEqual(["active", "retiring", old?.id]);
  expect(retiring?.subjects).toBeGreaterThan(0);
  expect(active?.subjects).toBeGreaterThan(0);
  expect(retiring?.destroyAfter).toBeNull();
  expect(await countReadable()).toBe(people);

  // Who comes meanwhile stands under the new key.
  await vault.protect([{ ...testPlace, person: { id: "newcomer" }, context: "n" }]);
  const progress: number[] = [];
  await keep({ onProgress: (left) => progress.push(left) });
  expect(progress).toEqual([...progress].sort((a, b) => b - a));
  const [all, none] = await listMasterKeys(console_.sql);
  expect([all?.subjects, none?.subjects, none?.state]).toEqual([people + 1, 0, "retiring"]);
  expect(none?.destroyAfter?.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  expect(await countReadable()).toBe(people);
  expect(await openMasterKeyFile(file).ids()).toHaveLength(2);
});

test("the old key is destroyed on its day, not before, and what was wrapped by it opens nowhere", async () => {
  const retiring = (await listMasterKeys(console_.sql)).find(({ state }) => state === "retiring");
  expect((await keep()).destroyed).toEqual([]);
  await database.sql`update vault.master_key set destroy_after = now() where state = 'retiring'`;
  const backup = readFileSync(file, "utf8");
  expect(backup).toContain(retiring?.id);
  expect((await keep()).destroyed).toEqual([retiring?.id]);
  expect(readFileSync(file, "utf8")).not.toContain(retiring?.id);
  // A copy from before: its keys are still in it, and so is the destroyed one.
  const old = path.join(folder, "old.json");
  writeFileSync(old, JSON.stringify({ ...JSON.parse(backup), active: retiring?.id }), { mode: 0o600 });
  await expect(keep({}, old)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("older"),
  });
  const stale = vaultOn(console_, openMasterKeyFile(old));
  await expect(
    stale.protect([{ ...testPlace, person: { id: "comes late" }, context: "l" }]),
  ).rejects.toMatchObject({
    code: "UNAVAILABLE",
  });
  await stale.close();
  expect(await listMasterKeys(console_.sql)).toMatchObject([
    { state: "active" },
    { state: "destroyed", subjects: 0 },
  ]);
  expect(await countReadable()).toBe(people);
});

test("a key that a process killed in between left in the file is taken out by the next run", async () => {
  const masterKeys = openMasterKeyFile(file);
  const before = await masterKeys.activeId();
  await rotateMasterKey(console_.sql, masterKeys);
  while ((await rewrapKeys(console_.sql, masterKeys, rotationDays)) > 0);
  // On record as destroyed, not yet out of the file.
  await database.sql`
    update vault.master_key set state = 'destroyed', destroyed_at = now() where id = ${before}`;
  expect((await keep()).destroyed).toEqual([before]);
  expect(await masterKeys.ids()).toHaveLength(1);
});

test("nothing is ever added under a destroyed master key", async () => {
  const masterKeys = openMasterKeyFile(file);
  const late = await masterKeys.wrap(Buffer.alloc(32, 1), "p_late");
  const before = await masterKeys.activeId();
  await rotateMasterKey(console_.sql, masterKeys);
  // A process that was asleep since it wrapped this: the key is due meanwhile.
  await database.sql`update vault.master_key set destroy_after = now() where id = ${before}`;
  const key = {
    ...testPlace,
    token: "p_late",
    keyId: Buffer.alloc(16, 1),
    blindIndex: Buffer.alloc(32, 1),
    ...late,
  };
  const store = createKeyStore(console_.sql);
  expect((await keep()).destroyed).toEqual([before]);
  expect(await masterKeys.ids()).not.toContain(before);
  expect(await store.add([key])).toEqual([null]);
  expect(await countReadable()).toBe(people);
});

test("a master key that somebody came under late is kept, though it is due, until theirs is wrapped anew", async () => {
  const masterKeys = openMasterKeyFile(file);
  const late = await masterKeys.wrap(Buffer.alloc(32, 1), "p_needed");
  const before = await masterKeys.activeId();
  await rotateMasterKey(console_.sql, masterKeys);
  while ((await rewrapKeys(console_.sql, masterKeys, rotationDays)) > 0);
  const key = {
    ...testPlace,
    token: "p_needed",
    keyId: Buffer.alloc(16, 2),
    blindIndex: Buffer.alloc(32, 2),
    ...late,
  };
  expect(await createKeyStore(console_.sql).add([key])).toMatchObject([{ token: "p_needed" }]);
  await database.sql`update vault.master_key set destroy_after = now() where id = ${before}`;
  expect(await destroyRetiredKeys(console_.sql, masterKeys)).toEqual([]);
  expect(await masterKeys.ids()).toContain(before);
  expect((await keep()).left).toBe(0);
  await database.sql`update vault.master_key set destroy_after = now() where id = ${before}`;
  expect((await keep()).destroyed).toEqual([before]);
  expect(await countReadable()).toBe(people);
});

test("it is replaced so early that it is gone by the end of its days", async () => {
  const [active] = await listMasterKeys(console_.sql);
  await database.sql`
    update vault.master_key set created_at = now() - interval '28 days 23 hours' where state = 'active'`;
  expect((await keep()).begun).toBe(false);
  await database.sql`
    update vault.master_key set created_at = now() - interval '29 days' where state = 'active'`;
  expect(await keep()).toMatchObject({ begun: true, left: 0 });
  expect((await listMasterKeys(console_.sql))[0]?.id).not.toBe(active?.id);
  expect(await countReadable()).toBe(people);
});

test("an erasure while keys are wrapped anew stays an erasure", async () => {
  const masterKeys = openMasterKeyFile(file);
  await rotateMasterKey(console_.sql, masterKeys);
  const [first] = sealed;
  if (!first) throw new Error("nobody");
  await markKey(console_.sql, first.token);
  await database.sql`
    update vault.subject_key set erasing_at = now() - interval '2 minutes' where token = ${first.token}`;
  await Promise.all([
    rewrapKeys(console_.sql, masterKeys, rotationDays),
    console_.sql.begin((tx) => destroyKey(tx as never, first.token)),
  ]);
  while ((await rewrapKeys(console_.sql, masterKeys, rotationDays)) > 0);
  const [row] =
    await database.sql`select state, wrapped_key from vault.subject_key where token = ${first.token}`;
  expect(row).toEqual({ state: "erased", wrapped_key: null });
  expect(await countReadable()).toBe(people - 1);
});
