import { z } from "zod";
import { intakeChannels } from "../../../drizzle/console/schema/requests.ts";
import { checkText, instantInput, targetInput, textInput, trimmedInput } from "../../inputs.ts";
import { letterLanguages } from "../../request-law/grounds/ground.ts";
import { requestKindNames } from "../../request-law/kinds.ts";
import { regimes } from "../../request-law/regimes.ts";
import { identifierKinds, requestPerson } from "../sealed.ts";

const { name, contact, letter } = requestPerson.shape;

/** Who asks, as callers give it: what is not known may be left out. */
export const personInput = z.strictObject({
  identifiers: z
    .array(
      z.strictObject({
        kind: z.enum(identifierKinds).default("id"),
        value: z.string().trim().min(1).max(1_000).superRefine(checkText),
      }),
    )
    .min(1, "needs at least one identifier")
    .max(20),
  name: name.default(null),
  contact: contact.default(null),
  letter: letter.default(null),
});

const once = (list: string[]) => [...new Set(list)];

/** What a request says beside who asks. */
export const requestFacts = {
  kind: z.enum(requestKindNames),
  /** Left out: by the controller's country. */
  regime: z.enum(regimes).optional(),
  /** None: events of every organisation. */
  organizations: z.array(textInput(200).min(1)).max(50).default([]).transform(once),
  /** None: every target. */
  targets: z.array(targetInput).max(50).default([]).transform(once),
  /** When it reached the controller; left out: now. */
  receivedAt: instantInput.optional(),
  /** Of the answer; left out: the controller's. */
  language: z.enum(letterLanguages).optional(),
  /** Number of the ticket, where there is one. No personal data: it is kept in clear. */
  reference: trimmedInput(200).min(1).optional(),
};

export const openRequestInput = z.strictObject({
  ...requestFacts,
  person: personInput,
  /** How it came in; left out: by the door. */
  channel: z.enum(intakeChannels).exclude(["csv", "webhook"]).optional(),
});

/** The same once it is sealed: who asks stands in it for nobody to read. */
export const sealedRequest = z.strictObject({
  id: z.uuid(),
  kind: requestFacts.kind,
  regime: z.enum(regimes),
  organizations: z.array(z.string()),
  targets: z.array(z.string()),
  country: z.string(),
  region: z.string().nullable(),
  timeZone: z.string(),
  language: z.enum(letterLanguages),
  receivedAt: z.iso.datetime(),
  reference: z.string().nullable(),
  channel: z.enum(intakeChannels),
  /** Base64. */
  sealed: z.string(),
  /** Hex. */
  digests: z.array(z.string()),
  /** Numbers of open requests of the same kind by the same person. */
  duplicates: z.array(z.int()),
  earlier: z
    .strictObject({
      request: z.int(),
      closedAt: z.string().nullable(),
      receipts: z.array(z.strictObject({ entry: z.int(), target: z.string(), policy: z.string() })),
      /** SHA-256 of its newest certificate. */
      certificate: z.string().nullable(),
    })
    .nullable(),
});
export type SealedRequest = z.infer<typeof sealedRequest>;
export type EarlierErasure = NonNullable<SealedRequest["earlier"]>;
