import { z } from "zod";
import { erasureStates } from "../../../drizzle/console/schema/privacy.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { instant, limitQuery } from "../parts.ts";

const erasure = z
  .strictObject({
    id: z.uuid(),
    policy: z
      .string()
      .meta({ description: "`?`: what waits in quarantine under policies that the target does not know" }),
    state: z.enum(erasureStates),
    dueAt: instant.nullable().meta({ description: "The day its floor ends" }),
    holds: z.array(z.strictObject({ id: z.uuid(), number: z.int(), name: z.string() })),
    restricted: z.boolean(),
    quarantined: z.boolean(),
    requestedBy: z.string(),
    requestedAt: instant,
    destroyedAt: instant.nullable(),
    entry: z.int().nullable().meta({ description: "Entry of the privacy ledger, once the key is destroyed" }),
    jobId: z.uuid().nullable(),
  })
  .meta({ id: "Erasure" });

/** Resources about erasures. */
export const erasuresEndpoints = {
  erasures: defineEndpoint({
    path: ofTarget("privacy/erasures"),
    summary: "Erasures on a target, newest first: of which policies, never of whom",
    read: "erasures",
    query: z.object({ show: z.enum(["open", "destroyed"]).default("open"), limit: limitQuery(500, 100) }),
    toInput: (query) => query,
    answer: z.array(erasure),
  }),
};
