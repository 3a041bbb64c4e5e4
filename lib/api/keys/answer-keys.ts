import { LRUCache } from "lru-cache";
import type { Sql } from "postgres";
import { listPublicKeys, type PublicSigningKey } from "../../key-store/list-public-keys.ts";

export const keySetType = "application/jwk-set+json";

/** Short: whoever meets a new kid asks again and must find it. */
const maxAgeSeconds = 60;
/** Strangers may ask as often as they like; the database is asked once in this time. */
const heldMs = 2_000;

const held = new LRUCache<"keys", PublicSigningKey[], Sql>({
  max: 1,
  ttl: heldMs,
  fetchMethod: (_key, _stale, { context: sql }) => listPublicKeys(sql),
});

/** The JWKS (RFC 7517) of all signing keys, for everybody. @throws what the console database answered */
export async function answerKeys(sql: Sql): Promise<Response> {
  const keys = (await held.fetch("keys", { context: sql })) ?? [];
  return new Response(JSON.stringify({ keys: keys.map(toEntry) }), {
    headers: {
      "content-type": keySetType,
      "cache-control": `public, max-age=${maxAgeSeconds}`,
      // Pages of others verify too; there is nothing here that is not public.
      "access-control-allow-origin": "*",
    },
  });
}

/** `alg` by the name that libraries have known since RFC 8037; newer ones take it for Ed25519 as well. */
function toEntry({ kid, jwk, activeFrom, retiredAt }: PublicSigningKey) {
  return {
    ...jwk,
    kid,
    use: "sig",
    alg: "EdDSA",
    active_from: activeFrom.toISOString(),
    ...(retiredAt && { retired_at: retiredAt.toISOString() }),
  };
}
