import type { Sql } from "postgres";
import type { PublicJwk } from "./signing-keys.ts";

export interface PublicSigningKey {
  kid: string;
  jwk: PublicJwk;
  activeFrom: Date;
  /** Null: it is the one that signs. */
  retiredAt: Date | null;
}

/** Every signing key this console ever had, the active one first, then the last retired. */
export async function listPublicKeys(sql: Sql): Promise<PublicSigningKey[]> {
  const keys = await sql<PublicSigningKey[]>`
    select kid, jwk, active_from as "activeFrom", retired_at as "retiredAt"
    from vault.public_key order by retired_at desc nulls first, kid`;
  return [...keys];
}
