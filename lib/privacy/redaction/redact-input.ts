import { z } from "zod";
import { redactableFields } from "../../audit-db/append/salts.ts";
import { instantText, targetInput } from "../../inputs.ts";

/** Events of one request. */
const redactedMost = 500;

const key = z.strictObject({ id: z.uuid(), occurredAt: instantText() });

/** Which values of which events are to go. */
export const redactionInput = {
  target: targetInput,
  events: z.array(key).min(1).max(redactedMost),
  fields: z.array(z.enum(redactableFields)).max(redactableFields.length).default([]),
  /** Whose ciphertext is removed as well. */
  personal: z
    .array(z.enum(["actor", "target"]))
    .max(2)
    .default([]),
};

export const redactInput = z.strictObject(redactionInput);
export type RedactInput = z.output<typeof redactInput>;
