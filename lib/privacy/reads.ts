import { z } from "zod";
import { findMasterKeys } from "../key-store/open-master-keys.ts";
import { defineRead } from "../read.ts";
import { getKeys } from "./get-keys.ts";

/** Reads of what protects people's data; the target plays no part. */
export const privacyReads = {
  keys: defineRead({
    role: "admin",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await getKeys(console, findMasterKeys()),
      observedAt: now,
      source: "console: vault",
    }),
  }),
};
