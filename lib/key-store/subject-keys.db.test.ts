import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { type KeyPlace, type NewKey, unknownPolicy, type Vault } from "../audit-db/vault/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createTestVault, type TestVault } from "../testing/vault.ts";
import { countSubjects } from "./count-subjects.ts";
import { createKeyStore } from "./key-store.ts";
import { vaultOn } from "./open-vault.ts";
import { closePolicy, destroyKey, keepKey, listSubjectKeys, markKey } from "./subject-keys.ts";

let keys: TestVault;
let console_: ConsoleDb;
let vault: Vault;

beforeAll(async () => {
  keys = await createTestVault();
  console_ = openConsoleDb(keys.console.url);
  vault = openAnother();
});
afterAll(async () => {
  await vault.close();
  await console_.close();
  await keys.drop();
});

/** A process that has no key in memory, or keeps none. */
function openAnother(ttlMs?: number): Vault {
  return vaultOn(console_, openMasterKeyFile(keys.masterKeyFile), { ...(ttlMs && { ttlMs }) });
}

const places: KeyPlace[] = ["audit", "billing"].flatMap((target) =>
  ["standard", "phi", "minimal"].map((policy) => ({ target, policy })),
);

/** One event of the person at each place, as it stands in a row. */
async function sealAt(id: string, where: readonly KeyPlace[], by = vault) {
  const given = where.map((place) => ({
    ...place,
    person: { id },
    context: `${place.target}/${place.policy}`,
  }));
  const sealed = await by.protect(given);
  return sealed.map((one, at) => ({ ...one, ...(given[at] as (typeof given)[number]) }));
}

type Sealed = Awaited<ReturnType<typeof sealAt>>;
const statesOf = async (sealed: Sealed) => (await openAnother().reveal(sealed)).map(({ state }) => state);

async function erase(token: string): Promise<void> {
  await console_.sql.begin((tx) => markKey(tx as never, token));
  await console_.sql.begin((tx) => destroyKey(tx as never, token, 0));
}

const keysOf = async (id: string) => {
  const [subject] = await vault.subjectsOf([id]);
  return subject ? listSubjectKeys(console_.sql, subject) : [];
};

describe("a person", () => {
  test("has a token and a key of their own for each policy of each target", async () => {
    const sealed = await sealAt("ada", places);
    expect(new Set(sealed.map(({ token }) => token)).size).toBe(6);
    expect(await sealAt(" ada", places)).toMatchObject(sealed.map(({ token }) => ({ token })));
    for (const target of ["audit", "billing"])
      expect((await vault.tokensOf(["ada"], target))[0]?.toSorted()).toEqual(
        sealed
          .filter((one) => one.target === target)
          .map(({ token }) => token)
          .toSorted(),
      );
    expect(await vault.tokensOf(["ada"], "elsewhere")).toEqual([[]]);
    expect((await keysOf("ada")).map(({ target, policy, state }) => ({ target, policy, state }))).toEqual(
      expect.arrayContaining(places.map((place) => ({ ...place, state: "active" }))),
    );
  });

  test("whose key of one policy is destroyed stays readable and findable under the others, and unlinked from it", async () => {
    const sealed = await sealAt("bo", places);
    const [gone, ...rest] = sealed as [Sealed[number], ...Sealed];
    const before = await countSubjects(console_.sql);
    await erase(gone.token);
    // Again: nothing more happens.
    await erase(gone.token);
    expect(await statesOf(sealed)).toEqual(["erased", ...rest.map(() => "readable")]);
    expect((await vault.tokensOf(["bo"], "audit"))[0]?.toSorted()).toEqual(
      [rest[0]?.token, rest[1]?.token].toSorted(),
    );
    const [row] = await keys.console.sql`select * from vault.subject_key where token = ${gone.token}`;
    expect(row).toMatchObject({ subject: null, wrapped_key: null, created_at: null, kept_at: null });
    expect(await countSubjects(console_.sql)).toEqual({
      ...before,
      active: before.active - 1,
      erased: before.erased + 1,
    });
    const [again] = await sealAt("bo", places.slice(0, 1), openAnother());
    expect(again?.token).not.toBe(gone.token);
  });

  test("whose last key is destroyed is nobody, unless a hold or a restriction names them", async () => {
    const [only] = (await sealAt("cy", places.slice(0, 1))) as [Sealed[number]];
    const [held] = (await sealAt("dee", places.slice(0, 1))) as [Sealed[number]];
    const [restricted] = (await sealAt("eve", places.slice(0, 1))) as [Sealed[number]];
    const [cy, dee, eve] = (await vault.subjectsOf(["cy", "dee", "eve"])) as string[];
    await keys.console.sql`
      insert into legal_hold (id, name, reason, scope, subject, state, awaits, placed_by_name, placed_at)
      values (${randomUUID()}, 'h', 'r', '{}', ${dee ?? ""}, 'in_force', '[]', 'n', now())`;
    await keys.console.sql`
      insert into vault.restriction (id, subject, ground, reason, placed_by_name, placed_at)
      values (${randomUUID()}, ${eve ?? ""}, 'needed_for_claims', 'r', 'n', now())`;
    for (const { token } of [only, held, restricted]) await erase(token);
    expect(await vault.subjectsOf(["cy", "dee", "eve"])).toEqual([null, dee, eve]);
    const left = await keys.console
      .sql`select id from vault.subject where id in (${cy ?? ""}, ${dee ?? ""}, ${eve ?? ""})`;
    expect(left.map(({ id }) => id).toSorted()).toEqual([dee, eve].toSorted());
    // An event of theirs makes a key of the same subject, and one of nobody's a new subject.
    await sealAt("dee", places.slice(0, 1), openAnother());
    await sealAt("cy", places.slice(0, 1), openAnother());
    const [newCy, sameDee] = await vault.subjectsOf(["cy", "dee"]);
    expect(sameDee).toBe(dee);
    expect(newCy).not.toBe(cy);
  });

  test("may be known before their first event", async () => {
    const subject = await vault.ensureSubject("fay");
    expect(await vault.ensureSubject(" fay ")).toBe(subject);
    expect(await vault.subjectsOf(["fay", "nobody"])).toEqual([subject, null]);
    expect(await vault.tokensOf(["fay"], "audit")).toEqual([[]]);
    const [sealed] = await sealAt("fay", places.slice(0, 1));
    expect(await keysOf("fay")).toMatchObject([{ token: sealed?.token }]);
  });
});

describe("a key", () => {
  test("that is kept opens, and seals nothing more", async () => {
    const [first] = (await sealAt("gil", places.slice(0, 1))) as [Sealed[number]];
    expect(await keepKey(console_.sql, first.token)).toBe(true);
    expect(await keepKey(console_.sql, first.token)).toBe(false);
    const [next] = (await sealAt("gil", places.slice(0, 1), openAnother())) as [Sealed[number]];
    expect(next.token).not.toBe(first.token);
    expect(await statesOf([first, next])).toEqual(["readable", "readable"]);
    expect((await vault.tokensOf(["gil"], "audit"))[0]).toEqual([next.token, first.token]);
    expect(await keysOf("gil")).toMatchObject([
      { token: first.token, state: "kept", keptAt: expect.any(Date) },
      { token: next.token, state: "active", keptAt: null },
    ]);
    // Several may be kept at once.
    expect(await keepKey(console_.sql, next.token)).toBe(true);
    const [third] = await sealAt("gil", places.slice(0, 1), openAnother());
    const [candidates] = await vault.protectUnderAll([first]);
    expect(candidates?.map(({ token }) => token).toSorted()).toEqual(
      [first.token, next.token, third?.token].toSorted(),
    );
    expect(candidates?.find(({ token }) => token === first.token)?.personal).toEqual(first.personal);
    expect(await markKey(console_.sql, first.token)).toBe(true);
    expect(await statesOf([first, next])).toEqual(["erased", "readable"]);
    const [after] = await vault.protectUnderAll([first]);
    expect(after?.map(({ token }) => token)).not.toContain(first.token);
  });

  test("of unknown policies is closed for those whose rows went there", async () => {
    const [sealed] = (await sealAt("hal", [{ target: "audit", policy: unknownPolicy }])) as [Sealed[number]];
    const rows = ["standard", "phi"].map((policy) => ({ ...sealed, policy }));
    expect(await statesOf(rows)).toEqual(["readable", "readable"]);
    await closePolicy(console_.sql, sealed.token, "audit", "standard");
    expect(await statesOf(rows)).toEqual(["erased", "readable"]);
    // Also where the process has it in memory.
    expect((await vault.reveal(rows)).map(({ state }) => state)).toEqual(["erased", "readable"]);
  });

  test("that is not there, not marked, or of one policy is refused with what to do", async () => {
    const [sealed] = (await sealAt("ivy", places.slice(0, 1))) as [Sealed[number]];
    const { sql } = console_;
    for (const work of [
      () => keepKey(sql, "p_unknown"),
      () => markKey(sql, "p_unknown"),
      () => destroyKey(sql, "p_unknown"),
      () => closePolicy(sql, "p_unknown", "audit", "standard"),
    ])
      await expect(work()).rejects.toMatchObject({ code: "NOT_FOUND", hint: expect.any(String) });
    await expect(destroyKey(sql, sealed.token)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(closePolicy(sql, sealed.token, "audit", "standard")).rejects.toMatchObject({
      code: "CONFLICT",
      hint: "Mark and destroy the key itself.",
    });
    expect(await markKey(sql, sealed.token)).toBe(true);
    expect(await markKey(sql, sealed.token)).toBe(false);
    expect(await keepKey(sql, sealed.token)).toBe(false);
    await expect(destroyKey(sql, sealed.token)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("60 s"),
    });
    expect(await statesOf([sealed])).toEqual(["erased"]);
  });
});

test("a key that is marked as soon as it is made is not made again by who made it, and its place has none", async () => {
  const store = createKeyStore(console_.sql);
  const key = async (policy: string): Promise<NewKey> => {
    const token = `p_${randomUUID()}`;
    const wrapped = await openMasterKeyFile(keys.masterKeyFile).wrap(randomBytes(32), token);
    return { target: "audit", policy, blindIndex, token, keyId: randomBytes(16), ...wrapped };
  };
  const blindIndex = randomBytes(32);
  const [first, second] = [await key("standard"), await key("phi")];
  expect(await store.add([first])).toMatchObject([{ token: first.token }]);
  await erase(first.token);
  expect(await store.add([first, second])).toMatchObject([null, { token: second.token }]);
});

test("people who are erased for good while their events come in are somebody or nobody, never half", async () => {
  const writer = openAnother(1);
  let refused = 0;
  const writing = (async () => {
    for (let at = 0; at < 60; at++)
      await sealAt("raced", places.slice(0, 2), writer).catch((thrown) => {
        expect(thrown).toMatchObject({ code: "UNAVAILABLE" });
        refused++;
      });
  })();
  for (let at = 0; at < 30; at++)
    for (const { token } of await keysOf("raced")) {
      await erase(token);
      await new Promise(setImmediate);
    }
  await writing;
  expect(refused).toBeLessThan(60);
  const last = await sealAt("raced", places.slice(0, 2), openAnother());
  expect(await statesOf(last)).toEqual(["readable", "readable"]);
  expect(await keysOf("raced")).toHaveLength(2);
  const [half] = await keys.console.sql<{ count: number }[]>`
    select count(*)::int as count from vault.blind_index
    where not exists (select from vault.subject where id = blind_index.subject)`;
  expect(half?.count).toBe(0);
  await writer.close();
});
