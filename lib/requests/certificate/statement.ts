import { z } from "zod";

/** Leaves that a certificate lists one by one, and receipts of redactions; beyond that its digest counts. */
export const listedMost = 1_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const at = z.iso.datetime({ offset: true });
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What is not destroyed yet, and why. */
const remainder = z.strictObject({
  target: z.string(),
  policy: z.string(),
  what: z.enum(["key", "clear"]),
  ground: z.enum(["floor", "hold", "restriction", "quarantine"]),
  holds: z.array(z.int()),
  until: at.nullable(),
  events: z.int().nullable(),
});

/**
 * What a certificate says, and so what is signed: what happened to a request, by roles and tokens, counts, digests and
 * receipts. Nothing in it is of the person.
 */
export const statement = z.strictObject({
  v: z.literal(1),
  /** 1 is the certificate, further ones are supplements. */
  n: z.int().min(1),
  /** SHA-256 of the certificate's bundle, in a supplement. */
  of: sha256.nullable(),
  issuedAt: at,
  request: z.strictObject({
    number: z.int(),
    kind: z.string(),
    article: z.string(),
    regime: z.string(),
    organizations: z.array(z.string()),
    targets: z.array(z.string()),
    channel: z.string(),
    state: z.string(),
    receivedAt: at,
    respondedAt: at.nullable(),
    closedAt: at.nullable(),
  }),
  /** The law it rests on. */
  law: z.array(z.strictObject({ law: z.string(), says: z.string() })),
  timeline: z.array(
    z.strictObject({
      at,
      kind: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      role: z.string(),
      /** Of whoever did it; null: the product itself. */
      by: z.string().nullable(),
      facts,
    }),
  ),
  scope: z
    .strictObject({
      madeAt: at.nullable(),
      targets: z.array(
        z.strictObject({
          target: z.string(),
          events: z.int(),
          clearEvents: z.int(),
          policies: z.array(
            z.strictObject({
              policy: z.string(),
              legalBasis: z.string().nullable(),
              events: z.int(),
              free: z.int(),
              floored: z.int(),
              held: z.int(),
              until: at.nullable(),
            }),
          ),
        }),
      ),
    })
    .nullable(),
  decision: z
    .strictObject({
      at: at.nullable(),
      by: z.string().nullable(),
      ground: z.string().nullable(),
      parts: z.array(
        z.strictObject({
          target: z.string(),
          policy: z.string(),
          decision: z.enum(["grant", "refuse"]),
          ground: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  /** Keys that were destroyed since the certificate before, with the events that stand under each. */
  erased: z.array(
    z.strictObject({
      erasure: z.uuid(),
      target: z.string(),
      policy: z.string(),
      destroyedAt: at,
      /** Of the privacy ledger; null where an entry of before says it. */
      entry: z.int().nullable(),
      events: z.int(),
      /** SHA-256 over a line `TIME_ID LEAF\n` for each event, by time and id. */
      digest: sha256,
      /** Those lines without their ends, at most `listedMost`. */
      leaves: z.array(z.string()),
    }),
  ),
  /** All redactions so far, by target. */
  redacted: z.array(
    z.strictObject({
      target: z.string(),
      events: z.int(),
      /** SHA-256 over a line `ENTRY ID LEAF\n` for each, by entry. */
      digest: sha256,
    }),
  ),
  /** Of what is erased and redacted: compact JWS, each signed by a key of this console. */
  receipts: z.array(z.string()),
  /** Numbers of earlier requests by which all of it was erased before. */
  earlier: z.array(z.int()),
  packages: z.array(z.strictObject({ sha256, events: z.int(), bytes: z.int(), readyAt: at.nullable() })),
  scan: z
    .strictObject({
      endedAt: at.nullable(),
      places: z.array(
        z.strictObject({
          kind: z.string(),
          where: z.string(),
          target: z.string().nullable(),
          state: z.enum(["clean", "found", "unknown"]),
          found: z.int(),
          ground: z.string().nullable(),
          until: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  /** What stays, with its ground and date. */
  remains: z.array(remainder),
  /** What the console may not remove: until when, and by which SQL its owner does. */
  notRemovable: z.array(
    z.strictObject({ where: z.string(), until: z.string().nullable(), sql: z.string().nullable() }),
  ),
  /** By when no backup of the console holds a key any more by which a destroyed one opens; null where none was destroyed. */
  backups: z.strictObject({ rotationDays: z.int(), reachedBy: at }).nullable(),
});

export type Statement = z.infer<typeof statement>;
