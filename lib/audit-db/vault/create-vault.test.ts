import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { createVault, type VaultOptions } from "./create-vault.ts";
import type { IndexedPlace, KeyPlace, KeyStore, MasterKeys, StoredKey } from "./types.ts";

const place: KeyPlace = { target: "audit", policy: "standard" };

/** A key store in memory that notes how often it was asked. */
function openStore() {
  const keys = new Map<string, StoredKey>();
  const asked = { times: 0 };
  const nameOf = ({ target, policy, blindIndex }: IndexedPlace) =>
    `${target} ${policy} ${blindIndex.toString("hex")}`;
  const keyStore: KeyStore = {
    async findActive(places) {
      asked.times++;
      return places.map((place) => keys.get(nameOf(place)) ?? null);
    },
    findLiving: async (indexes) => indexes.map(() => []),
    findByToken: async () => new Map(),
    async add(added): Promise<StoredKey[]> {
      for (const key of added) keys.set(nameOf(key), key);
      return [...added];
    },
    findSubjects: async (indexes) => indexes.map(() => null),
    ensureSubjects: async (indexes) => indexes.map(() => ""),
    indexKey: (fresh) => fresh(),
  };
  return { keyStore, asked };
}

const masterKeys: MasterKeys = {
  wrap: async (key) => ({ masterKeyId: "m", wrappedKey: Buffer.from(key) }),
  unwrap: async ({ wrappedKey }) => Buffer.from(wrappedKey),
  activeId: async () => "m",
};

function open(options: Partial<VaultOptions> = {}) {
  const { keyStore, asked } = openStore();
  const vault = createVault({ keyStore, masterKeys, ...options });
  const protect = (id: string) =>
    vault.protect([{ ...place, person: { id }, context: randomBytes(4).toString("hex") }]);
  return { vault, asked, protect };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ["unless told otherwise", {}, 60_000],
  ["even when told to keep it an hour", { ttlMs: 3_600_000 }, 60_000],
  ["or as short as it is told", { ttlMs: 5_000 }, 5_000],
])(
  "a key is used for a minute at most, counted from when the store was asked, %s",
  async (_, options, ms) => {
    let clockMs = 1_000;
    vi.spyOn(performance, "now").mockImplementation(() => clockMs);
    const pass = (passedMs: number) => {
      clockMs += passedMs;
      // The cache looks at the clock once a millisecond of real time.
      return sleep(3);
    };
    const { asked, protect, vault } = open(options);
    await protect("u-1");
    expect(asked.times).toBe(1);
    // Used again and again, it does not live longer for that.
    for (let at = 0; at < 10; at++) {
      await pass(ms / 10 - 10);
      await protect("u-1");
    }
    expect(asked.times).toBe(1);
    await pass(200);
    await protect("u-1");
    expect(asked.times).toBe(2);
    await vault.close();
  },
);

test("keys that are all in memory are used without asking, one that is not is asked for alone", async () => {
  const { asked, protect, vault } = open();
  await Promise.all([protect("u-1"), protect("u-2")]);
  const before = asked.times;
  const [one, two] = await vault.protect([
    { ...place, person: { id: "u-1" }, context: "e/actor" },
    { ...place, person: { id: "u-2" }, context: "e/target" },
  ]);
  expect(asked.times).toBe(before);
  expect(one?.token).not.toBe(two?.token);
  await vault.protect(["u-1", "u-3"].map((id) => ({ ...place, person: { id }, context: "e" })));
  expect(asked.times).toBe(before + 1);
  expect(vault.stats()).toMatchObject({ keys: 3, hits: 3 });
  await vault.close();
});

test("a person given with their text is sealed as that text", async () => {
  const { vault } = open();
  const person = { id: "u-1", name: "Zoë" };
  const [made, given] = await vault.protect([
    { ...place, person, context: "e/actor" },
    { ...place, person, text: '{"id":"u-1","name":"Zoë"}', context: "e/actor" },
  ]);
  expect(given).toEqual(made);
  await vault.close();
});
