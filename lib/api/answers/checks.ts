import { z } from "zod";
import { statesByRank } from "../../check-board/worst-state.ts";
import { count, instant, mend, nullableNumber, nullableText, unavailable } from "../parts.ts";

const state = z.enum(statesByRank).meta({ id: "CheckState" });

const limits = z.object({ warning: nullableNumber, critical: nullableNumber });

const limitsInForce = limits
  .extend({
    setBy: z
      .object({
        target: z.string().meta({ description: "`*`: for every target" }),
        objectKey: z.string().meta({ description: "`*`: for every object" }),
        name: z.string(),
        at: instant,
        for: nullableNumber.meta({
          description: "Seconds it must be bad before it is an alert; null: its own",
        }),
        keepFiringFor: nullableNumber.meta({ description: "Seconds it must be fine before that is over" }),
      })
      .nullable()
      .meta({ description: "Who set them; null for the console's own" }),
  })
  .meta({ id: "CheckLimits" });

const definition = z
  .object({
    id: z.string(),
    title: z.string(),
    topic: z.string(),
    unit: nullableText.meta({ description: "Of values and limits; null for a condition without a figure" }),
    direction: z.enum(["rising", "falling"]).nullable().meta({ description: "On which side it is worse" }),
    limits: limits.nullable().meta({ description: "The console's own" }),
    path: z.string().meta({ description: "Page of a target that shows its objects" }),
    runbook: z.string(),
    needs: z.string(),
    source: z.string().meta({ description: "Where its figures come from" }),
    why: z.string().meta({ description: "Why its limits and patience are what they are" }),
    for: z.number().meta({ description: "Seconds it must be bad before it is an alert" }),
    keepFiringFor: z.number().meta({ description: "Seconds it must be fine before that is over" }),
    guarded: z.boolean().meta({ description: "Silenced by two administrators alone" }),
  })
  .meta({ id: "Check" });

const object = z
  .object({
    key: z.string().meta({ description: "What limits of its own are set for" }),
    name: z.string(),
    state,
    value: nullableNumber,
    since: instant.meta({ description: "When this state began" }),
    confirmed: z.boolean().meta({ description: "false: the newest answer was cut before it" }),
    title: z.string(),
    detail: z.string(),
    mends: mend.optional(),
    path: z.string(),
    unavailable: unavailable.nullable(),
  })
  .meta({ id: "CheckedObject" });

const mute = z
  .object({
    labels: z
      .object({ check: z.string(), kind: z.string(), object: z.string(), database: z.string() })
      .meta({ description: "What a silence of this object alone matches" }),
    silenced: z
      .object({ id: z.string(), until: instant.nullable() })
      .nullable()
      .meta({ description: "The silence that holds for it; until null: until its incident resolves" }),
  })
  .meta({ id: "ObjectMute" });

const standing = z
  .object({
    check: z.string(),
    target: z.string(),
    state: state.meta({ description: "Of its worst object; never ok when nobody has looked lately" }),
    freshness: z.enum(["current", "old", "never"]),
    evaluatedAt: instant.nullable(),
    observedAt: instant
      .nullable()
      .meta({ description: "When the server was asked; null: when it was evaluated" }),
    counts: z
      .partialRecord(state, count)
      .meta({ description: "Objects by the state they were last seen in" }),
    unconfirmed: count,
    worst: object.nullable(),
    limits: limitsInForce.nullable(),
    ownLimits: count.meta({ description: "Objects with limits of their own" }),
    complete: z.boolean().nullable(),
    error: z
      .object({ code: z.string(), message: z.string(), hint: z.string().optional() })
      .nullable()
      .meta({ description: "Why it could not be evaluated; its objects keep their last states" }),
  })
  .meta({ id: "CheckStanding" });

export const checksAnswer = z
  .object({
    targets: z.array(z.string()),
    checks: z.array(definition),
    standings: z.array(standing),
    intervalSeconds: z.number(),
  })
  .meta({ id: "Checks" });

export const checkAnswer = z
  .object({
    check: definition,
    standing,
    objects: z.array(object.extend({ limits: limitsInForce.nullable(), mute }).meta({ id: "JudgedObject" })),
    total: count,
  })
  .meta({ id: "CheckDetail" });
