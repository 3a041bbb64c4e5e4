import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { SealedPerson } from "../audit-db/vault/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { testPlace } from "../testing/vault.ts";
import { findLostKeys } from "./find-lost-keys.ts";
import { keepMasterKeys } from "./keep-master-keys.ts";
import { createKeyStore } from "./key-store.ts";
import { vaultOn } from "./open-vault.ts";
import { rewrapKeys } from "./rewrap-keys.ts";
import { destroyRetiredKeys, listMasterKeys, rotateMasterKey } from "./rotate-master-key.ts";
import { getSecret, putSecret, replaceSecret, type SecretName, secretPurposes } from "./secrets.ts";

const folder = mkdtempSync(path.join(tmpdir(), "rotate-secrets-"));
const rotationDays = 30;
/** More than one batch. */
const requestKeys = 600;
let made = 0;
let file: string;
let database: TestDatabase;
let console_: ConsoleDb;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  console_ = openConsoleDb(database.url);
});
afterAll(async () => {
  await console_.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  file = path.join(folder, `${made++}.json`);
  createMasterKeyFile(file);
  await database.sql`
    truncate vault.secret, vault.subject, vault.subject_key, vault.index_key, vault.master_key cascade`;
  await keep();
});

const keep = () => {
  const masterKeys = openMasterKeyFile(file);
  const rotate = () => rotateMasterKey(console_.sql, masterKeys);
  return keepMasterKeys(console_.sql, masterKeys, { rotationDays, rotate });
};
const put = (name: SecretName, keys = openMasterKeyFile(file)) =>
  putSecret(console_.db, keys, name, Buffer.from(`${name.purpose} ${name.name}`));
const opened = async (names: readonly SecretName[]) =>
  Promise.all(names.map(async (name) => String(await getSecret(console_.db, openMasterKeyFile(file), name))));
const values = (names: readonly SecretName[]) => names.map(({ purpose, name }) => `${purpose} ${name}`);
const letRetiredGo = () =>
  database.sql`update vault.master_key set destroy_after = now() where state = 'retiring'`;

async function readPerson(sealed: SealedPerson) {
  const fresh = vaultOn(console_, openMasterKeyFile(file));
  const answer = [await fresh.reveal([sealed]), await fresh.tokensOf(["u-1"], testPlace.target)];
  await fresh.close();
  return answer;
}

test("after two rotations, the first killed half way, every kind of key still opens", async () => {
  const vault = vaultOn(console_, openMasterKeyFile(file));
  const [person] = await vault.protect([{ ...testPlace, person: { id: "u-1" }, context: "e/actor" }]);
  await vault.close();
  if (!person) throw new Error("nobody was sealed");
  const sealed = { ...person, ...testPlace, context: "e/actor" };
  const readable = [[{ state: "readable", person: { id: "u-1" } }], [[sealed.token]]];
  const names: SecretName[] = [
    ...secretPurposes.map((purpose) => ({ purpose, name: "one" })),
    ...Array.from({ length: requestKeys }, (_, at) => ({ purpose: "request_key" as const, name: `r${at}` })),
  ];
  await Promise.all(names.map((name) => put(name)));
  const [first] = await listMasterKeys(console_.sql);
  expect(first).toMatchObject({ state: "active", subjects: 1, index: 1, secrets: names.length });

  const script = path.resolve(import.meta.dirname, "../testing/keep-master-keys.ts");
  const child = spawn(process.execPath, [script, database.url, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  const [active, retiring] = await listMasterKeys(console_.sql);
  expect(active?.secrets).toBe(500);
  expect(retiring).toMatchObject({ id: first?.id, secrets: names.length - 500, destroyAfter: null });
  expect(await opened(names)).toEqual(values(names));

  expect((await keep()).left).toBe(0);
  await letRetiredGo();
  expect((await keep()).destroyed).toEqual([first?.id]);
  const second = await openMasterKeyFile(file).activeId();
  await rotateMasterKey(console_.sql, openMasterKeyFile(file));
  expect((await keep()).left).toBe(0);
  await letRetiredGo();
  expect((await keep()).destroyed).toEqual([second]);

  expect(await openMasterKeyFile(file).ids()).toHaveLength(1);
  expect(await opened(names)).toEqual(values(names));
  expect(await readPerson(sealed)).toEqual(readable);
  expect(await listMasterKeys(console_.sql)).toMatchObject([
    { state: "active", subjects: 1, index: 1, secrets: names.length },
    { state: "destroyed", subjects: 0, index: 0, secrets: 0 },
    { state: "destroyed", subjects: 0, index: 0, secrets: 0 },
  ]);
  expect(await findLostKeys(console_.sql, openMasterKeyFile(file))).toEqual({
    count: names.length + 2,
    lost: [],
  });
});

test("a secret kept under a retiring key holds that key until it is wrapped anew", async () => {
  const stale = path.join(folder, "stale.json");
  copyFileSync(file, stale);
  const before = await openMasterKeyFile(file).activeId();
  await rotateMasterKey(console_.sql, openMasterKeyFile(file));
  expect(await rewrapKeys(console_.sql, openMasterKeyFile(file), rotationDays)).toBe(0);
  await letRetiredGo();

  // A process that has not seen the rotation keeps one while the retired key is being destroyed.
  const late: SecretName = { purpose: "target_password", name: "late" };
  let destroying: Promise<string[]> | undefined;
  await console_.db.transaction(async (tx) => {
    await putSecret(tx, openMasterKeyFile(stale), late, Buffer.from("target_password late"));
    destroying = destroyRetiredKeys(console_.sql, openMasterKeyFile(file));
    const waiting = () => database.sql`
      select from pg_locks where relation = 'vault.secret'::regclass and mode = 'ShareLock' and not granted`;
    await expect.poll(async () => (await waiting()).length, { timeout: 30_000 }).toBe(1);
  });
  expect(await destroying).toEqual([]);
  expect(await openMasterKeyFile(file).ids()).toContain(before);
  expect(await opened([late])).toEqual(["target_password late"]);

  // Another one, once that is wrapped anew and the old key due again.
  expect((await keep()).left).toBe(0);
  const later: SecretName = { purpose: "target_password", name: "later" };
  await put(later, openMasterKeyFile(stale));
  await letRetiredGo();
  expect(await destroyRetiredKeys(console_.sql, openMasterKeyFile(file))).toEqual([]);
  expect((await keep()).left).toBe(0);
  await letRetiredGo();
  expect((await keep()).destroyed).toEqual([before]);
  expect(await opened([late, later])).toEqual(values([late, later]));

  const refused = { code: "UNAVAILABLE", message: expect.stringContaining("destroyed meanwhile") };
  await expect(put({ ...late, name: "too late" }, openMasterKeyFile(stale))).rejects.toMatchObject(refused);
  await expect(
    replaceSecret(console_.db, openMasterKeyFile(stale), late, Buffer.from("too late")),
  ).rejects.toMatchObject(refused);
  expect(await opened([late])).toEqual(values([late]));
});

test("a secret that is replaced while it is wrapped anew stays replaced", async () => {
  const name: SecretName = { purpose: "webhook_secret", name: "busy" };
  await put(name);
  await rotateMasterKey(console_.sql, openMasterKeyFile(file));
  const [row] = await database.sql<{ id: string }[]>`select id from vault.secret`;
  const ring = openMasterKeyFile(file);
  // Between the read of a batch and its write.
  const slow = {
    ...ring,
    async unwrap(...given: Parameters<typeof ring.unwrap>) {
      await replaceSecret(console_.db, ring, name, Buffer.from("replaced"));
      return ring.unwrap(...given);
    },
  };
  expect(await rewrapKeys(console_.sql, slow, rotationDays)).toBe(0);
  expect(await opened([name])).toEqual(["replaced"]);
  expect(await database.sql`select from vault.secret where id = ${row?.id ?? ""}`).toHaveLength(0);
});

test("keys whose master key is nowhere are counted as lost", async () => {
  await put({ purpose: "request_key", name: "foreign" });
  const foreign = path.join(folder, "foreign.json");
  createMasterKeyFile(foreign);
  expect(await findLostKeys(console_.sql, openMasterKeyFile(foreign))).toEqual({
    count: 1,
    lost: [{ masterKeyId: await openMasterKeyFile(file).activeId(), count: 1 }],
  });
});

test("the blind index's key is not kept under a destroyed master key either", async () => {
  const id = await openMasterKeyFile(file).activeId();
  await database.sql`
    update vault.master_key set state = 'destroyed', destroyed_at = now() where id = ${id}`;
  const store = createKeyStore(console_.sql);
  const fresh = () => openMasterKeyFile(file).wrap(Buffer.alloc(32, 1), "index");
  await expect(store.indexKey(fresh)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await database.sql`select from vault.index_key`).toHaveLength(0);
});

test("whoever does not look at secrets cannot destroy the master key that wraps one", async () => {
  const before = await openMasterKeyFile(file).activeId();
  await put({ purpose: "webhook_secret", name: "held" });
  await rotateMasterKey(console_.sql, openMasterKeyFile(file));
  // As the version before secrets did it: people's keys are wrapped anew, so the old one may go.
  const destroyed = database.sql`
    update vault.master_key set state = 'destroyed', destroyed_at = now() where id = ${before}`;
  await expect(destroyed).rejects.toMatchObject({ code: "23001", message: expect.stringContaining(before) });
  expect(await opened([{ purpose: "webhook_secret", name: "held" }])).toEqual(["webhook_secret held"]);
});
