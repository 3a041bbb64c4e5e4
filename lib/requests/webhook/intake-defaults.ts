import { z } from "zod";
import { checkText, targetInput, textInput } from "../../inputs.ts";
import { letterLanguages } from "../../request-law/grounds/ground.ts";
import { requestKindNames } from "../../request-law/kinds.ts";
import { regimes } from "../../request-law/regimes.ts";
import { identifierKinds } from "../sealed.ts";

/** A place in JSON (RFC 6901), such as `/ticket/requester/email`. */
const pointer = z
  .string()
  .max(300)
  .regex(/^(\/([^~/]|~[01])*)+$/, "must be a JSON pointer, such as /ticket/id")
  .superRefine(checkText);

/** What a ticketing system's message may say, and each identifier that it may hold. */
export const mappedFields = [
  "kind",
  "regime",
  "language",
  "receivedAt",
  "reference",
  "organization",
  "name",
  "contact",
  "letter",
  ...identifierKinds.filter((kind) => kind !== "name").map((kind) => `identifier.${kind}` as const),
] as const;
export type MappedField = (typeof mappedFields)[number];

/** What is missing in what a source sends, and where in it things stand. */
export const intakeDefaults = z.strictObject({
  kind: z.enum(requestKindNames).optional(),
  regime: z.enum(regimes).optional(),
  language: z.enum(letterLanguages).optional(),
  organizations: z.array(textInput(200).min(1)).max(50).optional(),
  targets: z.array(targetInput).max(50).optional(),
  /** None: the message's `data` is a request as the API takes it. */
  fields: z.partialRecord(z.enum(mappedFields), pointer).optional(),
  /** The system's own words for kinds of requests. */
  kinds: z.record(textInput(100).min(1), z.enum(requestKindNames)).optional(),
});
export type IntakeDefaults = z.infer<typeof intakeDefaults>;

/** A source's name stands in its address. */
export const sourceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be small letters, digits and hyphens, beginning with a letter");
