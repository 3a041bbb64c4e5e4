import { z } from "zod";
import { instant, problem } from "../parts.ts";
import { keySetType } from "./answer-keys.ts";

const signingKey = z
  .object({
    kty: z.literal("OKP"),
    crv: z.literal("Ed25519"),
    x: z.string(),
    kid: z.string().meta({ description: "RFC 7638 thumbprint of the key (SHA-256)" }),
    use: z.literal("sig"),
    alg: z.literal("EdDSA"),
    active_from: instant.meta({ description: "Since when it signs, ISO 8601, UTC" }),
    retired_at: instant
      .optional()
      .meta({ description: "Since when it signs nothing more; absent for the active key" }),
  })
  .meta({ id: "SigningKey", description: "An Ed25519 public key as JWK (RFC 7517, RFC 8037)" });

/** `GET /api/v1/keys` as OpenAPI has it. */
export const keysOperation = {
  operationId: "keys",
  summary: "Public keys of everything the console signs, retired ones included: a JWK set, for everybody",
  security: [],
  tags: ["read"],
  responses: {
    200: {
      description: "The keys, the active one first; none on a console that has signed nothing yet",
      content: { [keySetType]: { schema: z.object({ keys: z.array(signingKey) }) } },
    },
    503: {
      description: "The console database cannot be reached",
      content: { "application/problem+json": { schema: problem } },
      headers: z.object({
        "retry-after": z.string().meta({ description: "Seconds until another try makes sense" }),
      }),
    },
  },
};
