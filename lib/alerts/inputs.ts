import { z } from "zod";
import { incidentStates } from "../alerting/incident.ts";
import { instantInput, targetInput, trimmedInput } from "../inputs.ts";

export const incidentId = z.uuid("is not an incident's id");
const version = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1)
  .meta({ description: "The incident's version that was seen: refused when it has changed since" });
const mostAtOnce = 200;

/** Which incidents of a target a verb is about: one, or several at once. */
export const chosenInput = {
  target: targetInput,
  incident: incidentId.optional(),
  version: version.optional(),
  incidents: z
    .array(z.strictObject({ id: incidentId, version: version.optional() }))
    .min(1)
    .max(mostAtOnce)
    .optional()
    .meta({ description: "Several at once, instead of `incident`" }),
};
export type Chosen = z.infer<z.ZodObject<typeof chosenInput>>;

/** Either `incident` or `incidents`, and none of them twice. */
export function checkChosen({ incident, version, incidents }: Chosen, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if ((incident === undefined) === (incidents === undefined))
    refuse("incident", "give either `incident` or `incidents`");
  if (version !== undefined && incident === undefined) refuse("version", "belongs to `incident`");
  if (incidents && new Set(incidents.map(({ id }) => id)).size < incidents.length)
    refuse("incidents", "names one twice");
}

/** What the record of a refusal names. */
export const objectOf = ({ incident, incidents }: Chosen) => ({
  type: "incident",
  id: incident ?? incidents?.[0]?.id ?? "",
});

/** What every verb on incidents answers: those it changed, and those it could not, each with why. */
export const changedAnswer = z.strictObject({
  changed: z.array(
    z.strictObject({
      id: z.uuid(),
      number: z.number(),
      version: z.number(),
      state: z.enum(incidentStates),
    }),
  ),
  refused: z.array(
    z.strictObject({
      id: z.uuid(),
      number: z.number().nullable(),
      code: z.string(),
      message: z.string(),
    }),
  ),
});
export type Changed = z.infer<typeof changedAnswer>;

const farthestDays = 30;
/** An acknowledgement ends by itself after so long, unless it says until when. */
export const acknowledgedForMs = 24 * 3_600_000;

/** A moment ahead, within 30 days. */
export const untilInput = instantInput
  .refine((at) => at.getTime() > Date.now(), "must lie ahead")
  .refine(
    (at) => at.getTime() <= Date.now() + farthestDays * 86_400_000,
    `may lie at most ${farthestDays} days ahead`,
  );

/** Plain text: nothing in it is read as markup. */
export const commentInput = trimmedInput(4_000).min(1, "must say something");
