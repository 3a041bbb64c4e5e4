import { z } from "zod";
import { ledgerKinds, ledgerMarkStates } from "../../../drizzle/console/schema/privacy.ts";
import { ledgerFacts } from "../../ledger/entry.ts";
import { untrustedReasons } from "../../ledger/receipt.ts";
import { count, instant } from "../parts.ts";

const entry = count.meta({ description: "Its number in the ledger" });
const shared = {
  entry,
  target: z.string(),
  at: instant,
  by: z.string().meta({ description: "Who did it, where the console knows them still" }),
  receiptId: z.uuid().meta({ description: "Id of the event in the target's log that carries the receipt" }),
  receipt: z
    .enum(["delivered", "pending", "unknown"])
    .meta({ description: "Whether it stands in the target's log; unknown while that cannot be asked" }),
};

export const ledgerAnswer = z.object({
  entries: z.array(
    z
      .discriminatedUnion("kind", [
        z.object({ ...shared, kind: z.literal("erasure"), facts: ledgerFacts.erasure }),
        z.object({ ...shared, kind: z.literal("restriction"), facts: ledgerFacts.restriction }),
        z.object({ ...shared, kind: z.literal("restriction_lifted"), facts: ledgerFacts.restriction_lifted }),
        z.object({ ...shared, kind: z.literal("redaction"), facts: ledgerFacts.redaction }),
      ])
      .meta({ id: "LedgerEntry", description: "What was erased, restricted or redacted; no personal data" }),
  ),
  next: count.nullable().meta({ description: "`before` of the next page; null: this is the last" }),
  mark: z
    .object({ state: z.enum(ledgerMarkStates), behind: count, untrusted: count, seenAt: instant })
    .nullable()
    .meta({ description: "How the target's log and the ledger stood when they were last compared" }),
});

export const replayPlanAnswer = z.object({
  needed: z.boolean(),
  entries: z
    .array(z.object({ entry, kind: z.enum(ledgerKinds), at: instant, receiptId: z.uuid() }))
    .meta({ description: "Entries that only their receipts know: each is written and done again" }),
  keys: z.array(z.string()).meta({ description: "Tokens whose keys open here and are to be destroyed" }),
  redactions: z
    .array(entry)
    .meta({ description: "Entries whose values are in the log again, and are to be taken out" }),
  receipts: z.array(entry).meta({ description: "Entries whose receipts are to be delivered again" }),
  untrusted: z
    .array(
      z.object({
        id: z.uuid(),
        occurredAt: z.string(),
        action: z.string(),
        why: z.enum(untrustedReasons),
        kid: z.string().nullable(),
      }),
    )
    .meta({ description: "What says to be a receipt and is nobody's: nothing is done for it" }),
});
