import { z } from "zod";
import { holdScope } from "../../holds/hold-scope.ts";
import { textInput, trimmedInput } from "../../inputs.ts";
import { reasonInput } from "../../reason.ts";

/** A hold as people call it, or by its id. */
export const holdInput = z.union([z.number().int().positive(), z.uuid()], {
  error: "is neither a hold's number nor its id",
});

const placed = {
  name: trimmedInput(200).min(1, "give it a name, such as the case's"),
  reason: reasonInput,
  scope: holdScope.default({}),
};

export const placeHoldInput = z.strictObject({
  ...placed,
  /** A person's id as the application has it. It is kept nowhere. */
  person: textInput(1_000).min(1).optional(),
});

/** The same as it is kept: the person as the vault knows them. */
export const keptHoldInput = z.strictObject({ ...placed, subject: z.uuid().nullable() });

export const releaseHoldInput = z.strictObject({
  hold: holdInput,
  /** As it was seen. */
  version: z.number().int().positive(),
  reason: reasonInput,
});
