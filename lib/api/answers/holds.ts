import { z } from "zod";
import { holdStates } from "../../../drizzle/console/schema/privacy.ts";
import { holdScope } from "../../holds/hold-scope.ts";
import { count, instant, nullableText } from "../parts.ts";

export const holdAnswer = z
  .object({
    id: z.uuid(),
    number: count,
    version: count.meta({ description: "Send it along to release the hold as you saw it" }),
    name: z.string(),
    reason: z.string(),
    scope: holdScope.meta({ description: "Every event that meets all that is given" }),
    person: z.boolean().meta({ description: "Whether it is about one person; who stands nowhere" }),
    state: z.enum(holdStates).meta({
      description: "placing: nothing it covers is destroyed any more, but what began before is not settled",
    }),
    awaits: z
      .array(z.object({ id: z.uuid(), action: z.string(), target: nullableText, intendedAt: instant }))
      .meta({ description: "Destructions that began before it and are not settled yet" }),
    placedBy: z.string(),
    placedAt: instant,
    inForceAt: instant.nullable(),
    releasedBy: nullableText,
    releasedAt: instant.nullable(),
    releaseReason: nullableText,
  })
  .meta({ id: "Hold", description: "A legal hold: while it stands, nothing it covers is destroyed" });

export const holdsAnswer = z.array(holdAnswer);

export const holdCountsAnswer = z.object({ placing: count, in_force: count, released: count });
