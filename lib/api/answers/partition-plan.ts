import { z } from "zod";
import { planRequest } from "../../partition-plan/request.ts";
import { count, instant, nullableNumber, nullableText } from "../parts.ts";

const relation = z.string().meta({ description: "Qualified and quoted" });
const rows = nullableNumber.meta({ description: "null while unknown" });

const step = z
  .object({
    id: z.string(),
    words: z.string(),
    sql: z.array(z.string()).meta({ description: "In order; one transaction, unless `alone`" }),
    alone: z.boolean(),
    locks: z.array(
      z.object({
        relation,
        mode: z.enum([
          "ACCESS SHARE",
          "SHARE UPDATE EXCLUSIVE",
          "SHARE",
          "SHARE ROW EXCLUSIVE",
          "ACCESS EXCLUSIVE",
        ]),
        stops: z.enum(["reads and writes", "writes", "other changes of structure"]),
      }),
    ),
    scans: z.object({ relation, rows }).nullable(),
    moves: z.object({ from: relation, to: relation, rows }).nullable(),
    estimatedSeconds: nullableNumber.meta({
      description: "From rates measured on this server, without waits for others; null: unknown",
    }),
    estimateFrom: nullableText.meta({ description: "Where that is known from; null with it" }),
    effort: z
      .object({ unit: z.enum(["rows", "bytes", "steps"]), amount: nullableNumber })
      .optional()
      .meta({ description: "What its time grows with" }),
    step: z
      .object({ kind: z.string(), params: z.unknown(), group: z.string().optional() })
      .meta({ description: "What carries it out" }),
  })
  .meta({ id: "PlannedStep" });

export const partitionPlanAnswer = z
  .object({
    request: planRequest.meta({ description: "As asked for, with what was left open filled in" }),
    target: z.string(),
    table: z.object({ schema: z.string(), name: z.string() }),
    title: z.string(),
    steps: z.array(step),
    refusals: z.array(
      z.object({ object: relation, outcome: z.enum(["missing", "blocked", "refused"]), words: z.string() }),
    ),
    notes: z.array(z.string()),
    irreversible: nullableText.meta({ description: "What cannot be undone" }),
    blockers: z.array(
      z.object({
        pid: count,
        start: instant,
        user: nullableText,
        application: nullableText,
        state: nullableText,
        since: instant.nullable(),
        relation,
        mode: z.string(),
      }),
    ),
    estimatedSeconds: nullableNumber,
    estimateFrom: nullableText.meta({ description: "Where that is known from, or why it is not" }),
    lockTimeoutMs: count,
    runsAs: nullableText.meta({
      description: "The role the statements run as; null where it is not allowed",
    }),
    digest: z.string().meta({ description: "Names this plan; changes with statements, oids and bounds" }),
    observedAt: instant,
  })
  .meta({ id: "PartitionPlan" });
