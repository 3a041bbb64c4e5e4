import type { OutboxPayload } from "../../drizzle/console/schema/activity.ts";
import type { Receipt } from "./receipt.ts";

/**
 * Receipts stand in an organisation of their own: the log has an index over organisation and time and none over
 * actions, so that they are found without a look at anything else.
 */
export const receiptOrganization = "console_privacy";
/** Kept for as long as people may ask what was erased: its floor is the longest there is, seven years. */
export const receiptPolicy = "standard";

/** The event that carries a receipt, but for its id. @param jws null where nothing could sign it */
export function receiptEvent(receipt: Receipt, jws: string | null): OutboxPayload {
  return {
    organizationId: receiptOrganization,
    occurredAt: receipt.at,
    action: `privacy.${receipt.kind}`,
    status: "success",
    outcome: "success",
    actorToken: receipt.by,
    targetType: "privacy_ledger",
    targetId: String(receipt.entry),
    targetToken: null,
    details: { entry: receipt.entry, facts: receipt.facts, ...(jws !== null && { receipt: jws }) },
  };
}
