import { z } from "zod";
import { targetInput, textInput } from "../inputs.ts";

export const checkIdInput = textInput(100).min(1);

/** Where a threshold applies: `*` for every target, and for every object. */
export const scopeInput = {
  check: checkIdInput,
  target: z.union([z.literal("*"), targetInput]),
  /** An object's key as the list of objects has it. */
  object: textInput(1_000).min(1).default("*"),
};

const limit = z.number().finite().min(0).max(1e18).nullable();

/** How long it must be bad before it fires, and fine before it is over, in seconds; null: as the check has it; absent: as it is. */
const patience = z
  .number()
  .int()
  .min(0)
  .max(30 * 86_400)
  .nullable()
  .optional();

/** A threshold: its scope and limits in the unit named, which must be the check's own. */
export const thresholdInput = {
  ...scopeInput,
  warning: limit,
  critical: limit,
  unit: textInput(30).nullable(),
  for: patience,
  keepFiringFor: patience,
};

export type ThresholdInput = z.output<z.ZodObject<typeof thresholdInput>>;

const limits = z.strictObject({ warning: z.number().nullable(), critical: z.number().nullable() });

/** What resetting a threshold answers: its scope, and the limits that apply there before and after. */
export const thresholdAnswer = z.strictObject({
  check: z.string(),
  target: z.string(),
  object: z.string(),
  before: limits.nullable(),
  after: limits.nullable(),
});

/** What setting one answers, with how patient it is there. */
export const setThresholdAnswer = thresholdAnswer.extend({
  after: limits.nullable(),
  for: z.number().nullable(),
  keepFiringFor: z.number().nullable(),
});
