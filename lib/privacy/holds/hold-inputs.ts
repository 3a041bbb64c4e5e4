import { z } from "zod";
import { holdScope } from "../../holds/hold-scope.ts";
import { textInput, trimmedInput } from "../../inputs.ts";
import { reasonInput } from "../../reason.ts";

const words = "is neither the number nor the id of a hold";

/** A hold as people call it, or by its id. Each part says what is wrong: a union tells its last part's fault. */
export const holdInput = z.union([z.int(words).positive(words), z.uuid(words)], words);

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
