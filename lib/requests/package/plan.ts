import { z } from "zod";

/** Rows that are read in one go, in the order of their time: of one policy, under one token, in one part. */
export const rowStream = z.strictObject({
  target: z.string(),
  policy: z.string(),
  token: z.string(),
  /** Whose column the token stands in; rows in which the person is both come with the actor's. */
  role: z.enum(["actor", "target"]),
  /** The log, or what waits to be stored. */
  from: z.enum(["audit_log", "audit_quarantine"]),
});
export type RowStream = z.infer<typeof rowStream>;

/**
 * What a package is made of, fixed when it is begun, so that whoever goes on after a crash makes the same. Stands sealed
 * under the request's key.
 */
export const packagePlan = z.strictObject({
  kind: z.enum(["access", "portability"]),
  /** ISO 8601; what was recorded later is not in it. */
  until: z.string(),
  streams: z.array(rowStream),
  /** Of these alone; none: of every organisation. */
  organizations: z.array(z.string()),
  /** Every token that is the person's, by target. */
  tokens: z.record(z.string(), z.array(z.string())),
  /** What is theirs wherever it stands: identifiers as they were given. */
  own: z.array(z.string()),
  /** Events in which other people are shown, each for a reason on record: ids, by target. */
  revealed: z.record(z.string(), z.array(z.string())),
});
export type PackagePlan = z.infer<typeof packagePlan>;

/** Where collecting goes on: behind this row of this stream. */
export const packagePosition = z.strictObject({
  stream: z.number().int(),
  after: z.strictObject({ occurredAt: z.string(), id: z.string() }).nullable(),
});
export type PackagePosition = z.infer<typeof packagePosition>;

export const beginning: PackagePosition = { stream: 0, after: null };
