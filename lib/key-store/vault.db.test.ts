import { execFile } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVault } from "../audit-db/vault/create-vault.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { Vault } from "../audit-db/vault/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { testPlace } from "../testing/vault.ts";
import { createKeyStore } from "./key-store.ts";
import { vaultOn } from "./open-vault.ts";
import { destroyKey, markKey } from "./subject-keys.ts";

const folder = mkdtempSync(path.join(tmpdir(), "vault-"));
const masterKeyFile = path.join(folder, "master-keys.json");
const closing: (() => Promise<void>)[] = [];
let database: TestDatabase;
let console_: ConsoleDb;

beforeAll(async () => {
  createMasterKeyFile(masterKeyFile);
  database = await createDatabase({ template: "console" });
  console_ = openConsoleDb(database.url);
});

afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  await console_.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** A vault with connections of its own, as another process has it. */
function openAnother(): Vault {
  const own = openConsoleDb(database.url, { max: 2 });
  const vault = vaultOn(own, openMasterKeyFile(masterKeyFile));
  closing.push(() => vault.close().then(own.close));
  return vault;
}

async function countListeners(): Promise<number> {
  const listening = await database.sql`
    select from pg_stat_activity
    where datname = current_database() and query ilike 'listen %' and state = 'idle'`;
  return listening.length;
}

/** How often the vault's tables were looked into, and how many of their rows that read. */
async function countLookups({ sql }: TestDatabase) {
  const [counted] = await sql<{ scans: number; read: number }[]>`
    select sum(idx_scan + seq_scan)::int as scans, sum(idx_tup_fetch + seq_tup_read)::int as read
    from pg_stat_user_tables where schemaname = 'vault'`;
  return counted;
}

async function protectOne(vault: Vault, id: string, context = "e/actor") {
  const [sealed] = await vault.protect([{ ...testPlace, person: { id, name: `name of ${id}` }, context }]);
  if (!sealed) throw new Error("nothing was sealed");
  return { ...sealed, ...testPlace, context };
}

describe("the vault", () => {
  test("gives a person one token, and back what it was given", async () => {
    const vault = openAnother();
    const people = ["a", "b", "a", " a", "e\u0301", "é"].map((id, at) => ({
      ...testPlace,
      person: { id, ip: `203.0.113.${at}`, details: { at } },
      context: `e${at}/actor`,
    }));
    const sealed = await vault.protect(people);
    const tokens = sealed.map(({ token }) => token);
    expect(new Set(tokens).size).toBe(3);
    expect([tokens[2], tokens[3], tokens[5]]).toEqual([tokens[0], tokens[0], tokens[4]]);
    for (const { personal, digest } of sealed) expect(digest).toEqual(hash("sha256", personal, "buffer"));
    const revealed = await openAnother().reveal(
      sealed.map((one, at) => ({ ...one, ...testPlace, context: `e${at}/actor` })),
    );
    expect(revealed).toEqual(people.map(({ person }) => ({ state: "readable", person })));
    expect(await vault.tokensOf(["b", "nobody", "a "], testPlace.target)).toEqual([
      [tokens[1]],
      [],
      [tokens[0]],
    ]);
    expect(vault.stats()).toMatchObject({ keys: 3 });
  });

  test("a repeat of the same event, even by another process, is the same bytes", async () => {
    const [first, again] = [
      await protectOne(openAnother(), "repeat"),
      await protectOne(openAnother(), "repeat"),
    ];
    expect(again).toEqual(first);
  });

  test("sixteen vaults and four processes that meet the same strangers agree on their keys", async () => {
    const run = promisify(execFile);
    const script = path.resolve(import.meta.dirname, "../testing/protect-people.ts");
    const processes = [0, 50, 100, 150].map((first) =>
      run(process.execPath, [script, database.url, masterKeyFile, String(first), "200"]),
    );
    const vaults = await Promise.all(
      Array.from({ length: 16 }, async () => (await protectOne(openAnother(), "user-7")).token),
    );
    const answers = (await Promise.all(processes)).map(
      ({ stdout }) => JSON.parse(stdout) as Record<string, string>,
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(new Set(Object.values(answers[0] ?? {})).size).toBe(400);
    expect(new Set([...vaults, answers[0]?.["user-7 standard"]]).size).toBe(1);
    const [subjects] = await database.sql<{ count: number }[]>`
      select count(distinct subject)::int as count from vault.subject_key
      where token = any(${Object.values(answers[0] ?? {})})`;
    expect(subjects?.count).toBe(200);
    const [orphans] = await database.sql<{ count: number }[]>`
      select count(*)::int as count from vault.subject
      where not exists (select from vault.blind_index where subject = subject.id)
         or not exists (select from vault.subject_key where subject = subject.id)`;
    expect(orphans?.count).toBe(0);
  });

  test("looks people up by index even before the server knows its tables", async () => {
    const fresh = await createDatabase({ template: "console" });
    const [batches, size] = [8, 500];
    try {
      for (const table of ["blind_index", "subject_key", "subject"])
        await fresh.sql.unsafe(`alter table vault.${table} set (autovacuum_enabled = off)`);
      const own = openConsoleDb(fresh.url, { max: 2 });
      const vault = vaultOn(own, openMasterKeyFile(masterKeyFile));
      for (let batch = 0; batch < batches; batch++)
        await vault.protect(
          Array.from({ length: size }, (_, at) => ({
            ...testPlace,
            person: { id: `${batch}-${at}` },
            context: "e/actor",
          })),
        );
      // A session that ends tells what it counted.
      await vault.close();
      await own.close();
      await expect
        .poll(async () => (await countLookups(fresh))?.scans, { timeout: 30_000 })
        .toBeGreaterThan(batches * size);
      expect((await countLookups(fresh))?.read).toBeLessThan(20 * batches * size);
    } finally {
      await fresh.drop();
    }
  });

  test("nothing in the key store names a person or opens without the master key", async () => {
    await protectOne(openAnother(), "ada@example.org");
    const [dump] = await database.sql<{ text: string }[]>`
      select (select string_agg(key::text, '') from vault.subject_key as key)
          || (select string_agg(blind_index::text, '') from vault.blind_index) as text`;
    expect(dump?.text).not.toContain("ada@example.org");
    expect(dump?.text).not.toContain(Buffer.from("ada@example.org").toString("hex"));
    expect(dump?.text).not.toContain(hash("sha256", "ada@example.org"));
    const foreign = path.join(folder, "foreign.json");
    createMasterKeyFile(foreign);
    const vault = vaultOn(console_, openMasterKeyFile(foreign));
    await expect(protectOne(vault, "ada@example.org")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await vault.close();
  });

  test("ciphertext of unknown subjects, other events or other people is unreadable, with the reason", async () => {
    const vault = openAnother();
    const [one, other] = [await protectOne(vault, "reveal-1"), await protectOne(vault, "reveal-2")];
    const states = await vault.reveal([
      one,
      { ...one, token: "p_unknown" },
      { ...one, token: other.token },
      { ...one, context: "other/actor" },
      { ...one, personal: Buffer.from(one.personal).fill(0, 80, 81) },
    ]);
    expect(states.map(({ state }) => state)).toEqual([
      "readable",
      "unreadable",
      "unreadable",
      "unreadable",
      "unreadable",
    ]);
  });

  test("keeps at most as many keys as it may, and overwrites those it lets go", async () => {
    const masterKeys = openMasterKeyFile(masterKeyFile);
    const opened: Buffer[] = [];
    const vault = createVault({
      keyStore: createKeyStore(console_.sql),
      masterKeys: {
        ...masterKeys,
        async unwrap(...given) {
          const key = await masterKeys.unwrap(...given);
          opened.push(key);
          return key;
        },
      },
      maxKeys: 5,
    });
    const held = () => opened.filter((key) => key.some((byte) => byte !== 0)).length;
    for (let at = 0; at < 20; at++) await protectOne(vault, `bounded-${at % 10}`);
    expect(vault.stats()).toMatchObject({ keys: 5, maxKeys: 5 });
    // The blind index's key is overwritten at once, it lives on as a key object.
    expect([opened.length, held()]).toEqual([21, 5]);
    const [last] = await vault.tokensOf(["bounded-9"], testPlace.target);
    vault.evict(last ?? []);
    expect([vault.stats().keys, held()]).toEqual([4, 4]);
    // More people at once than it may keep.
    const many = Array.from({ length: 40 }, (_, at) => ({
      ...testPlace,
      person: { id: `many-${at}` },
      context: `${at}`,
    }));
    const sealed = await vault.protect(many);
    const revealed = await vault.reveal(
      sealed.map((one, at) => ({ ...one, ...testPlace, context: `${at}` })),
    );
    expect(revealed.map((one) => one.state === "readable" && one.person.id)).toEqual(
      many.map(({ person }) => person.id),
    );
    await vault.close();
    expect(held()).toBe(0);
  });
});

describe("erasing a subject", () => {
  test("ends every process's use of the key at once, and destroys it a minute later for good", async () => {
    const [web, worker] = [openAnother(), openAnother()];
    const before = await protectOne(web, "forget-me");
    expect(await worker.reveal([before])).toMatchObject([{ state: "readable" }]);
    expect((await protectOne(worker, "forget-me")).token).toBe(before.token);
    // Who listens a moment too late misses the message: every vault of this file does, these two the last.
    await expect.poll(countListeners, { timeout: 20_000 }).toBeGreaterThanOrEqual(closing.length);

    expect(await console_.sql.begin((tx) => markKey(tx as never, before.token))).toBe(true);
    expect(await markKey(console_.sql, before.token)).toBe(false);
    expect(await worker.reveal([before])).toEqual([{ state: "erased" }]);
    expect(await web.tokensOf(["forget-me"], testPlace.target)).toEqual([[]]);
    // Each process hears of it on a connection of its own.
    for (const vault of [worker, web])
      await expect
        .poll(async () => (await protectOne(vault, "forget-me")).token, { timeout: 20_000 })
        .not.toBe(before.token);
    const after = await protectOne(web, "forget-me");
    expect(after).toMatchObject({ token: (await protectOne(worker, "forget-me")).token });

    await expect(destroyKey(console_.sql, before.token)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(destroyKey(console_.sql, after.token)).rejects.toMatchObject({ code: "CONFLICT" });
    await database.sql`
      update vault.subject_key set erasing_at = erasing_at - interval '61 s' where token = ${before.token}`;
    for (const _ of ["destroyed", "was destroyed"])
      await console_.sql.begin((tx) => destroyKey(tx as never, before.token));
    const [row] = await database.sql`select * from vault.subject_key where token = ${before.token}`;
    expect(row).toMatchObject({ state: "erased", wrapped_key: null, master_key_id: null, subject: null });
    expect(await web.reveal([before, after])).toMatchObject([{ state: "erased" }, { state: "readable" }]);
  });

  test("an erasure that is rolled back erased nothing", async () => {
    const vault = openAnother();
    const one = await protectOne(vault, "undecided");
    const undone = console_.sql.begin(async (tx) => {
      await markKey(tx as never, one.token);
      throw new Error("undo");
    });
    await expect(undone).rejects.toThrow("undo");
    expect((await protectOne(vault, "undecided")).token).toBe(one.token);
  });

  test("a process that misses the message stops using the key when its time is over", async () => {
    const ttlMs = 1_500;
    // No listener here: createVault alone hears of nothing.
    const deaf = createVault({
      keyStore: createKeyStore(console_.sql),
      masterKeys: openMasterKeyFile(masterKeyFile),
      ttlMs,
    });
    const mark = async (person: string) => {
      const began = performance.now();
      const [before, , after] = [
        await protectOne(deaf, person),
        await markKey(console_.sql, (await protectOne(deaf, person)).token),
        await protectOne(deaf, person),
      ];
      return { person, before: before.token, after: after.token, ms: performance.now() - began };
    };
    let unheard = await mark("unheard");
    // Busy cores may have taken all of its time.
    for (let again = 0; unheard.ms > ttlMs; again++) unheard = await mark(`unheard ${again}`);
    expect(unheard.after).toBe(unheard.before);
    await sleep(ttlMs + 50);
    expect((await protectOne(deaf, unheard.person)).token).not.toBe(unheard.before);
    await deaf.close();
  });

  test("a key that was evicted while it was being read is used once at most, never kept", async () => {
    const store = createKeyStore(console_.sql);
    const slow: Vault = createVault({
      keyStore: {
        ...store,
        async findActive(places) {
          const found = await store.findActive(places);
          if (armed) slow.evict(["whoever"]);
          return found;
        },
      },
      masterKeys: openMasterKeyFile(masterKeyFile),
    });
    let armed = false;
    await protectOne(slow, "raced-1");
    expect(slow.stats().keys).toBe(1);
    armed = true;
    await protectOne(slow, "raced-2");
    expect(slow.stats().keys).toBe(1);
    await slow.close();
  });
});
