import { z } from "zod";
import { ledgerKinds } from "../../../drizzle/console/schema/privacy.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { defineRead } from "../../read.ts";
import { getLedger } from "./get-ledger.ts";
import { getReplayPlan } from "./get-replay-plan.ts";

/** Reads of the privacy ledger. It names nobody but whoever acted. */
export const ledgerReads = {
  /** Entries, the newest first: of the target, or of all. */
  ledger: defineRead({
    role: "privacy_officer",
    input: z.strictObject({
      kind: z.enum(ledgerKinds).optional(),
      /** Of every target, not only of the one that is asked about. */
      everywhere: z.boolean().default(false),
      before: z.coerce.number().int().positive().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    run: async ({ console, audit, now }, { everywhere, ...asked }) => ({
      data: await getLedger(
        console,
        audit.target,
        { ...asked, ...(!everywhere && { target: audit.target }) },
        openConfiguredTarget,
      ),
      observedAt: now,
      source: "privacy_ledger (console), audit_log",
    }),
  }),
  /** What `privacy.replay` would do on the target now. */
  replayPlan: defineRead({
    role: "privacy_officer",
    input: z.strictObject({}),
    run: ({ console, audit, now }) => getReplayPlan(console, audit, now),
  }),
};
