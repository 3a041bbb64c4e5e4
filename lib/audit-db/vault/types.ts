import type { Json } from "../append/i-json.ts";

/** A person's fields in one event; stored encrypted under that person's own key. */
export interface Person {
  /** What the application calls them; found again through the blind index. */
  id: string;
  name?: string | undefined;
  email?: string | undefined;
  ip?: string | undefined;
  userAgent?: string | undefined;
  details?: { [key: string]: Json } | undefined;
}

/** The policy of keys for events whose retention policy their target does not know: they wait in quarantine. */
export const unknownPolicy = "?";

/** Where a person has a token and a key of their own. */
export interface KeyPlace {
  /** The target's name. */
  target: string;
  /** The events' retention policy, or `unknownPolicy`. */
  policy: string;
}

/** A person and where their fields will stand, e.g. `<event id>/actor`: ciphertext does not open anywhere else. */
export interface PersonIn extends KeyPlace {
  person: Person;
  /** The RFC 8785 text of `person`, where it is at hand. */
  text?: string;
  context: string;
}

export interface ProtectedPerson {
  token: string;
  /** version ‖ key id ‖ nonce ‖ commitment ‖ AES-256-GCM */
  personal: Buffer;
  /** SHA-256 of `personal`: what the leaf covers, so that erasing changes no leaf. */
  digest: Buffer;
}

export type Revealed =
  | { state: "readable"; person: Person }
  | { state: "erased" }
  | { state: "unreadable"; reason: string };

export interface VaultStats {
  keys: number;
  maxKeys: number;
  hits: number;
  misses: number;
}

/** A person's fields as they stand in a row, and whose row it is: a key may be closed for some policies and not others. */
export interface SealedPerson {
  token: string;
  personal: Uint8Array;
  context: string;
  /** The target's name. */
  target: string;
  /** The row's own retention policy. */
  policy: string;
}

/** Turns people into tokens and ciphertext and, for those who may, back. */
export interface Vault {
  /**
   * Encrypts each person's fields under their own key for that target and policy, making keys for people not seen there
   * before: one key however many processes ask at once. The same person, place, fields and context give the same
   * bytes, so that a repeated event is the same event. Answers stand in the order given.
   * @throws AppError UNAVAILABLE while the key store or the master key cannot be reached
   */
  protect(people: readonly PersonIn[]): Promise<ProtectedPerson[]>;
  /**
   * The same under every living key that the person has on the target, old ones among them: what a repeated event may
   * stand as when the key that sealed it seals nothing more. The place's own key comes first; makes none.
   */
  protectUnderAll(people: readonly PersonIn[]): Promise<ProtectedPerson[][]>;
  /** Every living token that people have on a target, whatever the policy; none for those it does not know. */
  tokensOf(ids: readonly string[], target: string): Promise<string[][]>;
  /** Who people are inside the vault (uuid); null for those it does not know. */
  subjectsOf(ids: readonly string[]): Promise<(string | null)[]>;
  /** The same for one, known from now on: a hold may name somebody before their first event. */
  ensureSubject(id: string): Promise<string>;
  /** `erased` for what stands under a marked or destroyed key, or under one that is closed for the row's policy. */
  reveal(items: readonly SealedPerson[]): Promise<Revealed[]>;
  /** Forgets these keys in this process. */
  evict(tokens: readonly string[]): void;
  stats(): VaultStats;
  close(): Promise<void>;
}

/** A data key as the store has it: wrapped by a master key, or gone. */
export interface StoredKey {
  token: string;
  keyId: Buffer;
  /** Null once marked for erasure or erased. */
  wrappedKey: Buffer | null;
  masterKeyId: string | null;
}

/** A key that opens something on a target. */
export interface LivingKey extends StoredKey {
  /** Null: from before policies. */
  policy: string | null;
}

/** A key, and the policies whose rows it opens no more. */
export interface TokenKey extends StoredKey {
  closed: readonly KeyPlace[];
}

/** Whose key, and for which events. */
export interface IndexedPlace extends KeyPlace {
  /** HMAC of the person's id. */
  blindIndex: Buffer;
}

export interface NewKey extends IndexedPlace {
  token: string;
  keyId: Buffer;
  wrappedKey: Buffer;
  masterKeyId: string;
}

/** A secret under a master key. */
export interface Wrapped {
  masterKeyId: string;
  wrappedKey: Buffer;
}

/** Where wrapped keys and blind indexes stand: a database apart from the audit database and its backups. */
export interface KeyStore {
  /** The key that seals at each place, in their order; null where there is none. */
  findActive(places: readonly IndexedPlace[]): Promise<(StoredKey | null)[]>;
  /** Every key of each person that opens something on the target, in the order of the indexes: the newest first. */
  findLiving(blindIndexes: readonly Buffer[], target: string): Promise<LivingKey[][]>;
  /** Keys by token, destroyed ones among them, each with the policies it is closed for. */
  findByToken(tokens: readonly string[]): Promise<Map<string, TokenKey>>;
  /** Adds keys, and subjects where there is none, unless another process was quicker; answers as `findActive`. */
  add(keys: readonly NewKey[]): Promise<(StoredKey | null)[]>;
  /** Subjects by blind index, in their order. */
  findSubjects(blindIndexes: readonly Buffer[]): Promise<(string | null)[]>;
  /** The same, made where there is none. */
  ensureSubjects(blindIndexes: readonly Buffer[]): Promise<string[]>;
  /** The blind index's own key: `fresh` if there was none yet. */
  indexKey(fresh: () => Promise<Wrapped>): Promise<Wrapped>;
}

/**
 * Keys that wrap keys, asked for by whoever protects, reveals or signs. Whatever keeps them (a file, a command, a key
 * service) never hands one out; every call may be a round trip. `file-master-keys.ts` is the one that is there.
 */
export interface MasterKeys {
  /** @param context what the key is for; authenticated with it. @returns the key under the active master key */
  wrap(key: Uint8Array, context: string): Promise<Wrapped>;
  /**
   * @throws AppError UNAVAILABLE when that master key is not to be had, or the key does not open with it for this
   * context
   */
  unwrap(wrapped: Wrapped, context: string): Promise<Buffer>;
  /** The key that new keys are wrapped under. */
  activeId(): Promise<string>;
}

/**
 * Master keys as whoever rotates them needs them, one process at a time (`consoleLocks.masterKeys`). Ids are unique for
 * good: one that was destroyed never comes back with another key.
 */
export interface MasterKeyRing extends MasterKeys {
  /**
   * Adds a key and makes it the active one. On return it is kept as safely as it ever will be.
   * @param id of the new key, for whoever must know it before; one that is there already stays as it is
   * @returns its id
   */
  addKey(id?: string): Promise<string>;
  /**
   * What is wrapped under it opens nowhere any more, in no backup either. Nothing to do for one that is gone.
   * @throws AppError CONFLICT for the active key
   */
  destroyKey(id: string): Promise<void>;
  /** Those that open what they wrap, the active one among them. */
  ids(): Promise<string[]>;
}
