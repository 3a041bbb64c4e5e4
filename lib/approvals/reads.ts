import { z } from "zod";
import { AppError } from "../errors.ts";
import { defineRead } from "../read.ts";
import { getApproval, getApprovals } from "./get-approvals.ts";
import { approvalIdInput } from "./inputs.ts";

/** Reads of what waits for a second person; the target plays no part. */
export const approvalsReads = {
  approvals: defineRead({
    role: "viewer",
    input: z.strictObject({
      state: z.enum(["open", "all"]).default("open"),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      before: approvalIdInput.optional(),
    }),
    run: async ({ console, actor, now }, filter) => ({
      data: await getApprovals(console, actor, filter, now),
      observedAt: now,
      source: "console: approval",
    }),
  }),
  approval: defineRead({
    role: "viewer",
    input: z.strictObject({ id: approvalIdInput }),
    async run({ console, actor, now }, { id }) {
      const data = await getApproval(console, actor, id, now);
      if (!data) throw new AppError("NOT_FOUND", "There is no such request.");
      return { data, observedAt: now, source: "console: approval" };
    },
  }),
};
