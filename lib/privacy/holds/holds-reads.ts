import { z } from "zod";
import { defineRead } from "../../read.ts";
import { countHolds } from "./count-holds.ts";
import { getHold, getHolds, holdFilters } from "./get-holds.ts";
import { holdInput } from "./hold-inputs.ts";

const source = "console: legal_hold";

/** Reads of legal holds. Names and reasons are for whoever handles requests; how many there are, for everybody. */
export const holdsReads = {
  holds: defineRead({
    role: "privacy_officer",
    input: z.strictObject({
      state: z.enum(holdFilters).default("standing"),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      before: z.coerce.number().int().positive().optional(),
    }),
    run: async ({ console, now }, asked) => ({
      data: await getHolds(console.db, asked),
      observedAt: now,
      source,
    }),
  }),
  hold: defineRead({
    role: "privacy_officer",
    input: z.strictObject({ hold: holdInput }),
    run: async ({ console, now }, { hold }) => ({
      data: await getHold(console.db, hold),
      observedAt: now,
      source,
    }),
  }),
  holdCounts: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({ data: await countHolds(console.db), observedAt: now, source }),
  }),
};
