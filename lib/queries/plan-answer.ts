import { z } from "zod";
import type { Observed } from "../result.ts";
import type { QueryPlan } from "./get-query-plan.ts";
import type { PlanNode } from "./plan-tree.ts";

const node: z.ZodType<PlanNode> = z
  .strictObject({
    node: z.string(),
    relation: z.string().nullable(),
    alias: z.string().nullable(),
    index: z.string().nullable(),
    startupCost: z.number(),
    totalCost: z.number(),
    rows: z.number(),
    widthBytes: z.number(),
    ownCostShare: z.number(),
    details: z.array(z.tuple([z.string(), z.string()])),
    get children() {
      return z.array(node);
    },
  })
  .meta({ id: "PlanNode" });

/** A plan with where and when it was made; without one, why and what would enable it. */
export const planAnswer: z.ZodType<Observed<QueryPlan>> = z.object({
  data: z.strictObject({
    plan: node.nullable(),
    role: z.string().nullable(),
    method: z.enum(["generic_plan", "prepared_generic"]),
    warnings: z.array(z.string()),
  }),
  observedAt: z.date(),
  source: z.string(),
  unavailable: z
    .object({
      code: z.enum(["unsupported", "no_grant", "not_installed", "not_configured", "insufficient_data"]),
      reason: z.string(),
      enable: z.string().exactOptional(),
    })
    .exactOptional(),
});
