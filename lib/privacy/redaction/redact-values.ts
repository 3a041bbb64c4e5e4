import { z } from "zod";
import { AppError } from "../../errors.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { counted } from "../../words.ts";
import { valuesRedacted } from "./redact-effect.ts";
import { redactionInput } from "./redact-input.ts";
import { redactJob } from "./redact-job.ts";

/**
 * Takes values out of events that an application should not have written into clear fields, once somebody else agrees. The
 * row stays, its leaf verifies, and the record of it names the event and never the value.
 */
export const redactValues = defineAdminAction({
  name: "privacy.redact_values",
  role: "privacy_officer",
  target: true,
  input: z
    .strictObject({ ...redactionInput, reason: reasonInput })
    .refine(({ fields, personal }) => fields.length + personal.length > 0, {
      path: ["fields"],
      message: "name at least one field, or a person whose ciphertext is to go",
    }),
  answer: z.strictObject({}),
  approval: { role: "privacy_officer", expiresHours: 72 },
  object: ({ events }) => ({
    type: "event",
    id: events.length === 1 ? (events[0]?.id ?? "") : counted(events.length, "event"),
  }),
  confirm: (_context, { events, target }) => `redact ${counted(events.length, "event")} on ${target}`,
  effect: valuesRedacted,
  async run({ audit, enqueue }, { reason, ...input }) {
    const { events, fields, personal } = input;
    if (!audit.can("privacy"))
      throw new AppError("UNSUPPORTED", `${audit.target} has no privacy connection.`, {
        hint: "Set AUDIT_PRIVACY_URL to a login with the role audit_privacy.",
      });
    return {
      data: {},
      jobId: await enqueue(redactJob, input, { reason }),
      facts: { events: events.length, fields, personal },
      detail: { reason },
    };
  },
});
