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

/** A person and where their fields will stand, e.g. `<event id>/actor`: ciphertext does not open anywhere else. */
export interface PersonIn {
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

export interface SealedPerson {
  token: string;
  personal: Uint8Array;
  context: string;
}

/** Turns people into tokens and ciphertext and, for those who may, back. */
export interface Vault {
  /**
   * Encrypts each person's fields under their own key, making keys for people not seen before: one key for a
   * person however many processes ask at once. The same person, fields and context give the same bytes, so that a
   * repeated event is the same event. Answers stand in the order given.
   * @throws AppError UNAVAILABLE while the key store or the master key cannot be reached
   */
  protect(people: readonly PersonIn[]): Promise<ProtectedPerson[]>;
  /** The tokens that people have now; null for those without one. */
  tokensOf(ids: readonly string[]): Promise<(string | null)[]>;
  reveal(items: readonly SealedPerson[]): Promise<Revealed[]>;
  /** Forgets these keys in this process. */
  evict(tokens: readonly string[]): void;
  stats(): VaultStats;
  close(): Promise<void>;
}

/** A data key as the store has it: wrapped by a master key, or gone. */
export interface StoredSubject {
  token: string;
  keyId: Buffer;
  /** Null once marked for erasure or erased. */
  wrappedKey: Buffer | null;
  masterKeyId: string | null;
}

export interface NewSubject {
  token: string;
  keyId: Buffer;
  wrappedKey: Buffer;
  masterKeyId: string;
  /** HMAC of the person's id. */
  blindIndex: Buffer;
}

/** A secret under a master key. */
export interface Wrapped {
  masterKeyId: string;
  wrappedKey: Buffer;
}

/** Where wrapped keys and blind indexes stand: a database apart from the audit database and its backups. */
export interface KeyStore {
  /** Subjects by blind index in hex; unknown ones are left out. */
  findByIndex(blindIndexes: readonly Buffer[]): Promise<Map<string, StoredSubject>>;
  /** Subjects by token, erased ones among them. */
  findByToken(tokens: readonly string[]): Promise<Map<string, StoredSubject>>;
  /** Adds subjects unless another process was quicker, and answers those that stand, by blind index in hex. */
  add(subjects: readonly NewSubject[]): Promise<Map<string, StoredSubject>>;
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
