import { z } from "zod";
import { jobStates } from "../../../drizzle/console/schema/jobs.ts";
import { instant, nullableText } from "../parts.ts";

const role = z.enum(["viewer", "operator", "privacy_officer", "admin"]);

export const approvalAnswer = z
  .object({
    id: z.uuid(),
    action: z.string().meta({ description: "What was asked for, as the activity log names it" }),
    target: nullableText,
    object: z.object({ type: z.string(), id: z.string(), name: nullableText }).nullable(),
    input: z.unknown().meta({
      description: "What would run; null for those who neither asked for it nor may approve it",
    }),
    digest: z.string().meta({
      description: "SHA-256 over the input's canonical JSON (RFC 8785), in hex: an approver sends it along",
    }),
    approverRole: role,
    requestedBy: z.string(),
    byToken: z.boolean(),
    requestedAt: instant,
    expiresAt: instant,
    state: z.enum(["requested", "approved", "refused", "withdrawn", "expired", "executed", "failed"]),
    decidedBy: nullableText,
    decidedAt: instant.nullable(),
    comment: nullableText,
    jobId: z.uuid().nullable().meta({ description: "The job that goes on with it" }),
    jobState: z.enum(jobStates).nullable().meta({ description: "How that job stands" }),
    may: z
      .object({ decide: z.boolean(), withdraw: z.boolean() })
      .meta({ description: "What the caller may do with it now" }),
  })
  .meta({ id: "Approval" });

export const approvalsAnswer = z.array(approvalAnswer);
