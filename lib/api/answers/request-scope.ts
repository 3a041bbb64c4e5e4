import { z } from "zod";
import { scopeStates } from "../../../drizzle/console/schema/request-work.ts";
import { count, instant, nullableText } from "../parts.ts";

const policy = z.object({
  policy: z.string(),
  legalBasis: nullableText,
  basis: nullableText.meta({ description: "Art. 6(1), as the controller says for this policy" }),
  floorDays: z.number().nullable(),
  events: count,
  oldest: z.string(),
  newest: z.string(),
  free: count,
  floored: count,
  held: count,
  until: nullableText,
  holds: z.array(z.looseObject({ number: count, name: z.string(), events: count })),
  restricted: z.boolean(),
  quarantined: count,
  outcome: z.enum(["erasable", "floor", "held", "unknown"]),
  sharedKey: z.boolean(),
});

const target = z.object({
  target: z.string(),
  problem: nullableText.meta({ description: "Why it could not be asked" }),
  events: count,
  asActor: count,
  asTarget: count,
  policies: z.array(policy),
  partitions: z.array(
    z.object({ partition: z.string(), policy: z.string(), month: z.string(), events: count }),
  ),
  actions: z.array(z.object({ action: z.string(), events: count })),
  classes: z.array(z.object({ classification: z.string(), events: count })),
  months: z.array(z.object({ month: z.string(), policy: z.string(), events: count })),
  samples: z.array(
    z.object({
      id: z.uuid(),
      occurredAt: z.string(),
      action: z.string(),
      policy: z.string(),
      role: z.enum(["actor", "target"]),
    }),
  ),
  clear: z.array(
    z.object({ id: z.uuid(), occurredAt: z.string(), policy: z.string(), fields: z.array(z.string()) }),
  ),
  clearEvents: count,
});

export const requestScopeAnswer = z
  .object({
    id: z.uuid(),
    state: z.enum(scopeStates),
    beganAt: instant,
    madeAt: instant.nullable(),
    jobId: z.uuid().nullable(),
    fresh: z
      .boolean()
      .nullable()
      .meta({ description: "Whether it is of what there is now; null: not asked" }),
    stale: z.array(z.string()),
    targets: z.array(target),
  })
  .nullable()
  .meta({ id: "RequestScope", description: "What there is of the person, counted: nothing of who" });
