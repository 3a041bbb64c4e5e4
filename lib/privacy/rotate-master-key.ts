import { z } from "zod";
import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import { rotateMasterKey as makeActive } from "../key-store/rotate-master-key.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";

/**
 * Makes a new master key the active one now, out of its turn. The worker then wraps every data key under it and
 * destroys the old one when it may.
 */
export const rotateMasterKey = defineAdminAction({
  name: "master_key.rotate",
  role: "admin",
  browser: false,
  input: z.strictObject({}),
  confirm: () => "rotate the master key",
  async run({ console }) {
    const file = env().MASTER_KEY_FILE;
    if (!file)
      throw new AppError("UNSUPPORTED", "There is no master key.", {
        hint: "Make one with `audit-db vault init FILE` and set MASTER_KEY_FILE.",
      });
    const id = await makeActive(console.sql, openMasterKeyFile(file));
    return { data: { id }, object: { type: "master_key", id } };
  },
});
