import { z } from "zod";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { replaceSigningKey } from "../../key-store/signing-keys.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";

/** Makes a new signing key the active one. What the older ones signed stays verifiable by their public keys. */
export const rotateSigningKey = defineAdminAction({
  name: "signing_key.rotate",
  role: "admin",
  input: z.strictObject({}),
  answer: z.strictObject({ kid: z.string(), retired: z.string().nullable() }),
  confirm: () => "rotate the signing key",
  async run({ tx }) {
    const { kid, publicKey, retired } = await replaceSigningKey(tx, openMasterKeys());
    return {
      data: { kid, retired },
      object: { type: "signing_key", id: kid },
      facts: { publicKey, ...(retired !== null && { retired }) },
    };
  },
});
