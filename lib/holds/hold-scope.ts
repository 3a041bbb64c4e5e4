import { z } from "zod";
import { instantText, textInput } from "../inputs.ts";

const texts = z.array(textInput(200).min(1)).min(1, "name one at least, or leave it out").max(100);

/** Milliseconds at most: what a bound is compared with must be what was given. */
const instant = instantText().refine((text) => !/\.\d{4}/.test(text), "must not be finer than milliseconds");

/**
 * What a hold covers: every event that meets all that is given. Nothing given covers everything of every target. The
 * person stands beside it (`legal_hold.subject`), since only the vault knows them.
 */
export const holdScope = z
  .strictObject({
    /** Names of targets. */
    targets: texts.optional(),
    /** `retention_policy` */
    policies: texts.optional(),
    /** `organization_id` */
    organizations: texts.optional(),
    /** A trailing `*` stands for any ending, as in searches. */
    actions: texts.optional(),
    /** ISO 8601: `occurred_at` from (inclusive) and to (exclusive). */
    from: instant.optional(),
    to: instant.optional(),
  })
  .refine(({ from, to }) => !from || !to || Date.parse(from) < Date.parse(to), {
    message: "must be after from",
    path: ["to"],
  });
export type HoldScope = z.infer<typeof holdScope>;
