import { z } from "zod";
import { AppError } from "../../errors.ts";
import { addFormerKey } from "../../key-store/signing-keys.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";

const thumbprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "is not the thumbprint of a key");

/**
 * Takes a public key for one of this console's former ones, once a second administrator agrees: a console that is restored
 * from before the key was made knows nothing of it, and believes no receipt that it signed. From then on a replay does what
 * such receipts say.
 * @throws AppError BAD_INPUT when the key is not the one that the kid names; CONFLICT when it is known already
 */
export const trustReceiptKey = defineAdminAction({
  name: "receipt_key.trust",
  role: "admin",
  input: z.strictObject({
    /** As the list of untrusted receipts names it; RFC 7638. */
    kid: thumbprint,
    publicKey: z.strictObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: thumbprint }),
    reason: reasonInput,
  }),
  answer: z.strictObject({ kid: z.string() }),
  approval: { role: "admin", expiresHours: 72 },
  object: ({ kid }) => ({ type: "signing_key", id: kid }),
  confirm: (_context, { kid }) => `trust ${kid}`,
  async run({ tx, now }, { kid, publicKey, reason }) {
    if (!(await addFormerKey(tx, { kid, publicKey }, now)))
      throw new AppError("CONFLICT", "This console knows that key already.");
    return {
      data: { kid },
      object: { type: "signing_key", id: kid },
      facts: { publicKey },
      detail: { reason },
    };
  },
});
