import { z } from "zod";
import { ledgerKinds } from "../../../drizzle/console/schema/privacy.ts";
import { ledgerAnswer, replayPlanAnswer } from "../answers/ledger.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { limitQuery } from "../parts.ts";

/** Resources about the privacy ledger. */
export const ledgerEndpoints = {
  ledger: defineEndpoint({
    path: ofTarget("privacy/ledger"),
    summary: "Entries of the privacy ledger, newest first; for privacy officers and administrators",
    read: "ledger",
    query: z.object({
      kind: z.enum(ledgerKinds).optional(),
      everywhere: z
        .enum(["true", "false"])
        .default("false")
        .meta({ description: "Of every target, not only of this one" }),
      before: z.coerce
        .number()
        .int()
        .positive()
        .optional()
        .meta({ description: "Only entries with a smaller number" }),
      limit: limitQuery(500, 50),
    }),
    toInput: ({ everywhere, ...query }) => ({ ...query, everywhere: everywhere === "true" }),
    answer: ledgerAnswer,
  }),
  replayPlan: defineEndpoint({
    path: ofTarget("privacy/replay-plan"),
    summary: "What replaying the privacy ledger would do on this target now; changes nothing",
    read: "replayPlan",
    query: z.object({}),
    toInput: () => ({}),
    answer: replayPlanAnswer,
  }),
};
