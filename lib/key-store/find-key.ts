import type { Sql } from "postgres";

/** A person's key by its token, as whoever erases needs it. */
export interface FoundKey {
  token: string;
  keyId: Buffer;
  /** Null (with `policy`): a key from before policies. */
  target: string | null;
  policy: string | null;
  state: "active" | "kept" | "erasing" | "erased";
}

/** @returns null for a token that this console has no key of */
export async function findKey(sql: Sql, token: string): Promise<FoundKey | null> {
  const [key] = await sql<FoundKey[]>`
    select token, key_id as "keyId", target, policy, state from vault.subject_key where token = ${token}`;
  return key ?? null;
}
