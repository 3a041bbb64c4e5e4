import { z } from "zod";
import { findMasterKeys } from "../key-store/open-master-keys.ts";
import { defineRead } from "../read.ts";
import { getErasures } from "./erasure/get-erasures.ts";
import { holdsReads } from "./holds/holds-reads.ts";
import { getKeys } from "./keys/get-keys.ts";
import { ledgerReads } from "./ledger/ledger-reads.ts";

/** Reads of what protects people's data; the target plays no part. */
export const privacyReads = {
  ...holdsReads,
  ...ledgerReads,
  /** Erasures on the target: of which policies, never of whom. */
  erasures: defineRead({
    role: "privacy_officer",
    input: z.strictObject({
      show: z.enum(["open", "destroyed"]).default("open"),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    run: async ({ console, audit, now }, asked) => ({
      data: await getErasures(console, { ...asked, target: audit.target }),
      observedAt: now,
      source: "console: erasure",
    }),
  }),
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
