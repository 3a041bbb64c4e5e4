import { z } from "zod";
import { instantInput, textInput, trimmedInput } from "../inputs.ts";
import { defineRead } from "../read.ts";
import { getActivity } from "./get-activity.ts";
import { getAuditDelivery } from "./get-audit-delivery.ts";

/** Reads of what was done in the console; the target plays no part. */
export const activityReads = {
  activity: defineRead({
    role: "admin",
    input: z.strictObject({
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      from: instantInput.optional(),
      to: instantInput.optional(),
      actorId: textInput(100).optional(),
      action: textInput(100).optional(),
      outcome: z.enum(["success", "refused", "failed", "unknown"]).optional(),
      text: trimmedInput(200).optional(),
    }),
    run: async ({ console, now }, filter) => ({
      data: await getActivity(console, filter),
      observedAt: now,
      source: "console: activity",
    }),
  }),
  auditDelivery: defineRead({
    role: "admin",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await getAuditDelivery(console),
      observedAt: now,
      source: "console: outbox",
    }),
  }),
};
