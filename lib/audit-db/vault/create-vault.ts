import { createHmac, createSecretKey, hash, type KeyObject, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import { AppError } from "../../errors.ts";
import { type DataKey, dataKeyOf, keyIdOf, openPersonal, sealPersonal } from "./personal.ts";
import type {
  KeyStore,
  MasterKeys,
  NewSubject,
  PersonIn,
  ProtectedPerson,
  Revealed,
  SealedPerson,
  StoredSubject,
  Vault,
} from "./types.ts";
import { indexContext } from "./wrap.ts";

export interface VaultOptions {
  keyStore: KeyStore;
  masterKeys: MasterKeys;
  maxKeys?: number;
  /** How long a process may use a key after it was erased elsewhere and the message was lost; at most 60 s. */
  ttlMs?: number;
}

/** When the key store was asked, and how many evictions had come until then. */
interface Asked {
  at: number;
  evictions: number;
}

const longestTtlMs = 60_000;

/**
 * A vault over a key store and master keys. Data keys are kept in memory, bounded in number and for at most 60 s:
 * that is how long an erasure waits before it destroys a key.
 */
export function createVault(options: VaultOptions): Vault {
  const { keyStore, masterKeys } = options;
  const maxKeys = options.maxKeys ?? 10_000;
  const ttl = Math.min(options.ttlMs ?? longestTtlMs, longestTtlMs);
  const limits = { max: maxKeys, ttl, updateAgeOnGet: false };
  const byToken = new LRUCache<string, DataKey>({ ...limits, dispose: ({ key }) => key.fill(0) });
  const tokenById = new LRUCache<string, string>(limits);
  const counters = { hits: 0, misses: 0 };
  let evictions = 0;
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

  /** Keeps the key for a TTL counted from `asked`, when the store was asked: not after an eviction meanwhile. */
  async function remember(subject: StoredSubject, asked: Asked): Promise<DataKey | null> {
    const { token, keyId, wrappedKey, masterKeyId } = subject;
    if (!wrappedKey || !masterKeyId) return null;
    const key = await masterKeys.unwrap({ wrappedKey, masterKeyId }, token);
    const entry = dataKeyOf(token, keyId, key);
    if (evictions !== asked.evictions) return entry;
    byToken.set(token, entry, { start: asked.at });
    // The caller's own copy: an eviction zeroes the cached one at any moment.
    return { ...entry, key: Buffer.from(key) };
  }

  /** The cached key itself: an eviction zeroes it, so it may not be held over an `await`. */
  function peekAt(token: string | undefined): DataKey | undefined {
    return token === undefined ? undefined : byToken.get(token);
  }

  function known(token: string | undefined): DataKey | undefined {
    const entry = peekAt(token);
    if (entry) counters.hits++;
    else counters.misses++;
    return entry && { ...entry, key: Buffer.from(entry.key) };
  }

  /** People's fields under keys that are all in memory, in one go; null where one is not. */
  function protectKnown(people: readonly PersonIn[]): ProtectedPerson[] | null {
    const keys = people.map(({ person }) => peekAt(tokenById.get(person.id)));
    if (!keys.every((key) => key !== undefined)) return null;
    counters.hits += keys.length;
    return people.map((person, at) => seal(person, keys[at] as DataKey));
  }

  async function makeSubjects(blindIndexes: readonly Buffer[]): Promise<Map<string, StoredSubject>> {
    const subjects = await Promise.all(
      blindIndexes.map(async (blindIndex): Promise<NewSubject> => {
        const token = `p_${randomBytes(16).toString("base64url")}`;
        const key = randomBytes(32);
        const wrapped = await masterKeys.wrap(key, token);
        key.fill(0);
        return { token, keyId: randomBytes(16), blindIndex, ...wrapped };
      }),
    );
    return keyStore.add(subjects);
  }

  /** Keys of people by their index in hex: from memory, else from the store, else made. */
  async function keysFor(ids: readonly string[]): Promise<Map<string, DataKey>> {
    const keys = new Map<string, DataKey>();
    const unknown: string[] = [];
    for (const id of new Set(ids)) {
      const entry = known(tokenById.get(id));
      if (entry) keys.set(id, entry);
      else unknown.push(id);
    }
    if (unknown.length === 0) return keys;
    const indexes = await indexesOf(unknown);
    const asked = { at: performance.now(), evictions };
    const missing = unknown.map((id, at) => [id, indexes[at] as Buffer] as const);
    const found = await keyStore.findByIndex(missing.map(([, index]) => index));
    const strangers = missing.filter(([, index]) => !found.has(index.toString("hex")));
    const made =
      strangers.length > 0 ? await makeSubjects(distinct(strangers.map(([, index]) => index))) : null;
    for (const [id, index] of missing) {
      const hex = index.toString("hex");
      const subject = found.get(hex) ?? made?.get(hex);
      const key = subject && (await remember(subject, asked));
      if (!key)
        throw new AppError(
          "UNAVAILABLE",
          "A person's key was erased just now, or could not be made; try again.",
          {
            hint: "If it stays, see `audit-db vault status`: the master key file may be an old copy.",
          },
        );
      tokenById.set(id, key.token);
      keys.set(id, key);
    }
    return keys;
  }

  return {
    async protect(people) {
      const sealed = protectKnown(people);
      if (sealed) return sealed;
      const keys = await keysFor(people.map(({ person }) => person.id));
      try {
        return people.map((one) => seal(one, keys.get(one.person.id) as DataKey));
      } finally {
        for (const { key } of keys.values()) key.fill(0);
      }
    },
    async tokensOf(ids) {
      const indexes = await indexesOf(ids);
      const found = await keyStore.findByIndex(indexes);
      return indexes.map((index) => found.get(index.toString("hex"))?.token ?? null);
    },
    async reveal(items) {
      const wanted = [...new Set(items.map(({ token }) => token))];
      const asked = { at: performance.now(), evictions };
      const subjects = await keyStore.findByToken(wanted);
      return Promise.all(items.map((item) => revealOne(item, subjects.get(item.token), asked)));
    },
    evict(tokens) {
      evictions++;
      for (const token of tokens) byToken.delete(token);
    },
    stats: () => ({ keys: byToken.size, maxKeys, ...counters }),
    async close() {
      byToken.clear();
      tokenById.clear();
      indexKey = undefined;
    },
  };

  async function revealOne(
    { token, personal, context }: SealedPerson,
    subject: StoredSubject | undefined,
    asked: Asked,
  ): Promise<Revealed> {
    if (!subject) return { state: "unreadable", reason: "this console has no key for it" };
    if (!subject.wrappedKey) return { state: "erased" };
    if (keyIdOf(personal) !== subject.keyId.toString("hex"))
      return { state: "unreadable", reason: "it was sealed with another key" };
    let key: DataKey | null | undefined;
    try {
      key = known(token) ?? (await remember(subject, asked));
      return { state: "readable", person: openPersonal(personal, key as DataKey, context) };
    } catch (thrown) {
      // The other events of the page are still to be shown.
      if (thrown instanceof AppError) return { state: "unreadable", reason: thrown.message };
      return { state: "unreadable", reason: "its bytes were changed, or it belongs to another event" };
    } finally {
      key?.key.fill(0);
    }
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

/** Two spellings of one id have one index. */
function distinct(indexes: readonly Buffer[]): Buffer[] {
  return [...new Map(indexes.map((index) => [index.toString("hex"), index])).values()];
}
