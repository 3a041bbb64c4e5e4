import { z } from "zod";
import { count, instant, nullableNumber, nullableText } from "../parts.ts";

const summary = {
  id: z.uuid(),
  occurredAt: instant.meta({ description: "ISO 8601, UTC, microseconds" }),
  organizationId: z.string(),
  action: z.string(),
  status: z.enum(["attempt", "success", "failure"]),
  outcome: nullableText,
  targetType: nullableText,
  targetId: nullableText,
  actorToken: nullableText.meta({ description: "Stands for a person, whose data are encrypted" }),
  dataClassification: z.string(),
  retentionPolicy: z.string(),
  correlationId: nullableText,
};
const key = z
  .object({ occurredAt: instant, id: z.uuid() })
  .meta({ id: "EventKey", description: "An event's place in time; `occurredAt_id` as one word" });

export const eventsAnswer = z
  .object({
    events: z.array(z.object(summary).meta({ id: "EventSummary" })),
    older: key.nullable().meta({ description: "Give it as `before` for the next page; null on the last" }),
    newest: key.nullable(),
  })
  .meta({ id: "EventPage" });

export const eventAnswer = z
  .object({
    ...summary,
    recordedAt: instant,
    eventVersion: count,
    processingMs: nullableNumber,
    details: z.record(z.string(), z.unknown()),
    targetToken: nullableText,
    leafVersion: count,
    leaf: z.string().meta({ description: "SHA-256 in hex; docs/leaf.md says of what" }),
    salts: nullableText.meta({ description: "In hex, for the leaf; null below leaf version 2" }),
    check: z
      .enum([
        "matches",
        "matches, redacted",
        "redacted, shown by receipt",
        "differs",
        "no leaf",
        "unknown version",
      ])
      .meta({ description: "The leaf made anew of the row as it stands now, compared with the stored one" }),
    redacted: z
      .array(z.enum(["details", "targetId", "outcome", "correlationId", "actor", "target"]))
      .meta({ description: "Fields whose value, and people whose ciphertext, was taken away" }),
    receipts: z
      .array(count)
      .meta({ description: "Entries of the privacy ledger that show it, where a leaf of version 1 cannot" }),
    people: z.object({ actor: z.boolean(), target: z.boolean() }).meta({
      description: "Whose personal data stand in the row as ciphertext",
    }),
  })
  .meta({ id: "EventDetail" });
