import { createHmac, createSecretKey, hash, type KeyObject, randomBytes } from "node:crypto";
import { AppError } from "../../errors.ts";
import { type Asked, createKeyCache, type KeyCacheOptions } from "./key-cache.ts";
import { type DataKey, namesKey, openPersonal, sealPersonal } from "./personal.ts";
import {
  type IndexedPlace,
  type KeyPlace,
  type KeyStore,
  type LivingKey,
  type MasterKeys,
  type NewKey,
  type PersonIn,
  type ProtectedPerson,
  type Revealed,
  type SealedPerson,
  type StoredKey,
  type TokenKey,
  unknownPolicy,
  type Vault,
} from "./types.ts";
import { indexContext } from "./wrap.ts";

export interface VaultOptions extends Omit<KeyCacheOptions, "masterKeys"> {
  keyStore: KeyStore;
  masterKeys: MasterKeys;
}

/** A vault over a key store and master keys. Data keys are kept in memory as `createKeyCache` keeps them. */
export function createVault({ keyStore, masterKeys, ...limits }: VaultOptions): Vault {
  const cache = createKeyCache({ masterKeys, ...limits });
  let indexKey: Promise<KeyObject> | undefined;

  function readIndexKey(): Promise<KeyObject> {
    indexKey ??= keyStore
      .indexKey(() => masterKeys.wrap(randomBytes(32), indexContext))
      .then(async (wrapped) => {
        const key = await masterKeys.unwrap(wrapped, indexContext);
        const secret = createSecretKey(key);
        key.fill(0);
        return secret;
      });
    indexKey.catch(() => {
      indexKey = undefined;
    });
    return indexKey;
  }

  /** NFC and no blanks around, so that one person's id is one index however it was typed. */
  async function indexesOf(ids: readonly string[]): Promise<Buffer[]> {
    const key = await readIndexKey();
    return ids.map((id) => createHmac("sha256", key).update(id.normalize("NFC").trim()).digest());
  }

  /** Keys that seal, by `nameOf`: from memory, else from the store, else made. */
  async function keysFor(people: readonly PersonIn[]): Promise<Map<string, DataKey>> {
    const keys = new Map<string, DataKey>();
    const unknown = new Map<string, PersonIn>();
    for (const one of people) {
      const name = nameOf(one);
      if (keys.has(name) || unknown.has(name)) continue;
      const entry = cache.named(name);
      if (entry) keys.set(name, entry);
      else unknown.set(name, one);
    }
    if (unknown.size === 0) return keys;
    const strangers = [...unknown.values()];
    const indexes = await indexesOf(strangers.map(({ person }) => person.id));
    const places = strangers.map(({ target, policy }, at) => ({
      target,
      policy,
      blindIndex: indexes[at] as Buffer,
    }));
    const asked = cache.ask();
    const stored = await findOrMake(places);
    for (const [at, name] of [...unknown.keys()].entries()) {
      const found = stored[at];
      const key = found && (await cache.open(found, asked, name));
      if (!key) throw keyGone();
      keys.set(name, key);
    }
    return keys;
  }

  async function findOrMake(places: readonly IndexedPlace[]): Promise<(StoredKey | null | undefined)[]> {
    const found = await keyStore.findActive(places);
    // Two spellings of one id have one index, and get one key.
    const missing = new Map(places.filter((_, at) => !found[at]).map((place) => [textOf(place), place]));
    if (missing.size === 0) return found;
    const added = await keyStore.add(await Promise.all([...missing.values()].map(makeKey)));
    const made = new Map([...missing.keys()].map((text, at) => [text, added[at]]));
    return places.map((place, at) => found[at] ?? made.get(textOf(place)));
  }

  async function makeKey(place: IndexedPlace): Promise<NewKey> {
    const token = `p_${randomBytes(16).toString("base64url")}`;
    const key = randomBytes(32);
    const wrapped = await masterKeys.wrap(key, token);
    key.fill(0);
    return { ...place, token, keyId: randomBytes(16), ...wrapped };
  }

  /** Living keys of people, each asked for on their own target. */
  async function livingOf(people: readonly PersonIn[]): Promise<LivingKey[][]> {
    const indexes = await indexesOf(people.map(({ person }) => person.id));
    const living: LivingKey[][] = people.map(() => []);
    for (const target of new Set(people.map((one) => one.target))) {
      const those = people.flatMap((one, at) => (one.target === target ? [at] : []));
      const found = await keyStore.findLiving(
        those.map((at) => indexes[at] as Buffer),
        target,
      );
      for (const [nth, at] of those.entries()) living[at] = found[nth] ?? [];
    }
    return living;
  }

  async function sealUnderAll(one: PersonIn, keys: readonly LivingKey[], asked: Asked) {
    const sealed: ProtectedPerson[] = [];
    for (const stored of keys.toSorted((a, b) => unlikeness(a, one) - unlikeness(b, one))) {
      const key = cache.find(stored.token) ?? (await cache.open(stored, asked));
      if (!key) continue;
      sealed.push(seal(one, key));
      key.key.fill(0);
    }
    return sealed;
  }

  /** The caller's own copy, or why it cannot be had. */
  async function keyOf(stored: TokenKey, asked: Asked): Promise<DataKey | AppError | null> {
    try {
      return cache.find(stored.token) ?? (await cache.open(stored, asked));
    } catch (thrown) {
      if (thrown instanceof AppError) return thrown;
      throw thrown;
    }
  }

  return {
    async protect(people) {
      const cached = cache.peekAll(people.map(nameOf));
      if (cached) return people.map((one, at) => seal(one, cached[at] as DataKey));
      const keys = await keysFor(people);
      try {
        return people.map((one) => seal(one, keys.get(nameOf(one)) as DataKey));
      } finally {
        for (const { key } of keys.values()) key.fill(0);
      }
    },
    async protectUnderAll(people) {
      const asked = cache.ask();
      const living = await livingOf(people);
      return Promise.all(people.map((one, at) => sealUnderAll(one, living[at] ?? [], asked)));
    },
    async tokensOf(ids, target) {
      const living = await keyStore.findLiving(await indexesOf(ids), target);
      return living.map((keys) => keys.map(({ token }) => token));
    },
    async subjectsOf(ids) {
      return keyStore.findSubjects(await indexesOf(ids));
    },
    async ensureSubject(id) {
      const [subject] = await keyStore.ensureSubjects(await indexesOf([id]));
      return subject as string;
    },
    async reveal(items) {
      const asked = cache.ask();
      const stored = await keyStore.findByToken([...new Set(items.map(({ token }) => token))]);
      const keys = new Map<string, DataKey | AppError | null>();
      const open = async (one: TokenKey) => keys.set(one.token, await keyOf(one, asked));
      try {
        await Promise.all([...stored.values()].map(open));
        return items.map((item) => revealOne(item, stored.get(item.token), keys.get(item.token)));
      } finally {
        for (const key of keys.values()) if (key && !(key instanceof AppError)) key.key.fill(0);
      }
    },
    evict: cache.evict,
    stats: cache.stats,
    async close() {
      cache.clear();
      indexKey = undefined;
    },
  };
}

function revealOne(
  { personal, context, target, policy }: SealedPerson,
  stored: TokenKey | undefined,
  key: DataKey | AppError | null | undefined,
): Revealed {
  if (!stored) return { state: "unreadable", reason: "this console has no key for it" };
  const closed = stored.closed.some((place) => place.target === target && place.policy === policy);
  if (!stored.wrappedKey || closed) return { state: "erased" };
  if (!namesKey(personal, stored.keyId))
    return { state: "unreadable", reason: "it was sealed with another key" };
  if (key instanceof AppError) return { state: "unreadable", reason: key.message };
  try {
    return { state: "readable", person: openPersonal(personal, key as DataKey, context) };
  } catch {
    // The other events of the page are still to be shown.
    return { state: "unreadable", reason: "its bytes were changed, or it belongs to another event" };
  }
}

function seal({ person, context, text }: PersonIn, key: DataKey): ProtectedPerson {
  const personal = sealPersonal(person, key, context, text);
  return { token: key.token, personal, digest: digestOf(personal) };
}

/** By way of hex: half the time of a buffer. */
function digestOf(bytes: Uint8Array): Buffer {
  return Buffer.from(hash("sha256", bytes), "hex");
}

/** The place's own keys come first, then those that hold several policies. */
function unlikeness({ policy }: LivingKey, place: KeyPlace): number {
  if (policy === place.policy) return 0;
  return policy === null || policy === unknownPolicy ? 1 : 2;
}

/** What a key that seals is remembered by. An id may hold anything; a target's name and a policy hold no blanks. */
function nameOf({ target, policy, person }: PersonIn): string {
  return `${target} ${policy} ${person.id}`;
}

function textOf({ target, policy, blindIndex }: IndexedPlace): string {
  return `${target} ${policy} ${blindIndex.toString("hex")}`;
}

function keyGone(): AppError {
  return new AppError("UNAVAILABLE", "A person's key was erased just now, or could not be made; try again.", {
    hint: "If it stays, see `audit-db vault status`: the master key file may be an old copy.",
  });
}
