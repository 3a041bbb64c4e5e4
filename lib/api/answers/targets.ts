import { z } from "zod";
import { count, nullableText, targetStatus } from "../parts.ts";

export const targetsAnswer = z.array(
  targetStatus
    .extend({
      demo: z.boolean(),
      server: z.object({ version: z.string(), database: z.string() }).nullable(),
    })
    .meta({ id: "TargetSummary" }),
);

export const capabilitiesAnswer = z
  .object({
    target: z.string(),
    capabilities: z.array(
      z
        .object({
          id: z.string(),
          area: z.enum(["server", "statistics", "audit", "connections", "console"]),
          title: z.string(),
          purpose: z.string(),
          needs: z.string(),
          state: z.enum(["present", "missing", "unknown"]),
          evidence: z.string(),
          enable: nullableText.meta({ description: "SQL or setting that would enable it" }),
          required: z.boolean(),
        })
        .meta({ id: "Capability" }),
    ),
    present: count,
    missing: count,
    unknown: count,
  })
  .meta({ id: "Capabilities" });
