import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { createLogger } from "../log/log.ts";
import type { TestDatabase } from "../testing/database.ts";
import { createConsole } from "../testing/people.ts";
import { keepVault } from "./keep-vault.ts";
import { listPublicKeys } from "./list-public-keys.ts";
import { rotateMasterKey } from "./rotate-master-key.ts";
import { sign, verify } from "./sign.ts";
import { replaceSigningKey } from "./signing-keys.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sign-"));
const file = path.join(folder, "master-keys.json");
const bytes = Buffer.from("checkpoint 1");
let database: TestDatabase;
let console_: ConsoleDb;
let drop: () => Promise<void>;

createMasterKeyFile(file);
// What is told and what is public stays: each test has a console of its own.
beforeEach(async () => {
  ({ test: database, console: console_, drop } = await createConsole());
});
afterEach(() => drop());
afterAll(() => rmSync(folder, { recursive: true }));

const masterKeys = openMasterKeyFile(file);
const context = () => ({ console: console_, masterKeys, auditTargets: ["audit", "other"] });
const replace = () => console_.db.transaction((tx) => replaceSigningKey(tx, masterKeys));
const kids = async () => (await listPublicKeys(console_.sql)).map(({ kid }) => kid);

test("the first signature makes the key, once however many ask, and tells every target of it", async () => {
  const made = await Promise.all(Array.from({ length: 6 }, () => sign(bytes, context())));
  const [first] = made;
  if (!first) throw new Error("nothing was signed");
  expect(new Set(made.map(({ kid }) => kid)).size).toBe(1);
  expect(first.signature).toHaveLength(64);
  expect(await verify(bytes, first, console_)).toBe(true);
  const [key] = await listPublicKeys(console_.sql);
  expect(await kids()).toEqual([first.kid]);
  const told = await database.sql`
    select action, actor_kind, object_type, object_id, o.target, o.payload ->> 'action' as event,
           o.payload -> 'details' as details
    from activity join outbox o using (id) order by o.target`;
  const expected = {
    action: "signing_key.create",
    actor_kind: "system",
    object_type: "signing_key",
    object_id: first.kid,
    event: "console.signing_key.create",
    details: { publicKey: key?.jwk },
  };
  expect(told).toEqual([
    { ...expected, target: "audit" },
    { ...expected, target: "other" },
  ]);
});

test("bytes, signature or key that are others do not verify", async () => {
  const signed = await sign(bytes, context());
  expect(await verify(Buffer.from("checkpoint 2"), signed, console_)).toBe(false);
  const changed = Buffer.from(signed.signature);
  changed[0] = (changed[0] ?? 0) ^ 1;
  expect(await verify(bytes, { ...signed, signature: changed }, console_)).toBe(false);
  expect(await verify(bytes, { ...signed, kid: "x".repeat(43) }, console_)).toBe(false);
  // Another's key under this kid: the kid is the key's thumbprint, so this row is nobody's.
  const { kid } = await replace();
  const second = await sign(bytes, context());
  expect(second.kid).toBe(kid);
  await database.sql`alter table vault.public_key disable trigger user`;
  await database.sql`
    update vault.public_key set jwk = (select jwk from vault.public_key where kid = ${kid})
    where kid = ${signed.kid}`;
  expect(await verify(bytes, { ...second, kid: signed.kid }, console_)).toBe(false);
  expect(await verify(bytes, second, console_)).toBe(true);
});

test("a replaced key signs nothing more, and what it signed verifies for good", async () => {
  const before = await sign(bytes, context());
  const { kid, retired } = await replace();
  expect(retired).toBe(before.kid);
  const after = await sign(bytes, context());
  expect(after.kid).toBe(kid);
  expect(await kids()).toEqual([kid, before.kid]);
  expect(await verify(bytes, before, console_)).toBe(true);
  expect(await verify(bytes, after, console_)).toBe(true);
  const refused = { code: "42501", message: expect.stringContaining("kept for good") };
  for (const change of [
    database.sql`delete from vault.public_key where kid = ${before.kid}`,
    database.sql`truncate vault.public_key`,
    database.sql`update vault.public_key set jwk = '{}' where kid = ${kid}`,
    database.sql`update vault.public_key set retired_at = null where kid = ${before.kid}`,
  ])
    await expect(change).rejects.toMatchObject(refused);
  // Its private half is gone.
  expect(await database.sql`select name from vault.secret`).toEqual([{ name: kid }]);
});

test("two replacements at once retire one key each, and one is active", async () => {
  const first = await sign(bytes, context());
  const [one, two] = await Promise.all([replace(), replace()]);
  expect([one.retired, two.retired].toSorted()).toEqual(
    [first.kid, one.retired === first.kid ? one.kid : two.kid].toSorted(),
  );
  const active = (await listPublicKeys(console_.sql)).filter(({ retiredAt }) => retiredAt === null);
  expect(active).toHaveLength(1);
  expect(await database.sql`select name from vault.secret`).toEqual([{ name: active[0]?.kid }]);
});

test("the vault's upkeep makes the key before anything is signed, and keeps it over a rotation of the master key", async () => {
  const upkeep = {
    ...context(),
    rotationDays: 30,
    rotate: async () => {},
    logger: createLogger({ level: "silent", name: "test" }),
  };
  const { signal } = new AbortController();
  await keepVault(upkeep, signal);
  const [kid] = await kids();
  const before = await masterKeys.activeId();
  await rotateMasterKey(console_.sql, masterKeys);
  await keepVault(upkeep, signal);
  await database.sql`update vault.master_key set destroy_after = now() where state = 'retiring'`;
  await keepVault(upkeep, signal);
  expect(await masterKeys.ids()).not.toContain(before);
  const signed = await sign(bytes, context());
  expect(signed.kid).toBe(kid);
  expect(await verify(bytes, signed, console_)).toBe(true);
  expect(await database.sql`select action from activity`).toEqual([{ action: "signing_key.create" }]);
});
