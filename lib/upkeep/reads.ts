import { z } from "zod";
import { relationInput } from "../partition-plan/request.ts";
import { defineRead } from "../read.ts";
import { requireRule } from "../upkeep-rules/read-rules.ts";
import { getUpkeep } from "./get-upkeep.ts";
import { checkTimes, ruleFields } from "./inputs.ts";
import { previewUpkeep, type RuleSays } from "./preview-upkeep.ts";

/** The questions about upkeep that pages, API and command line ask. */
export const upkeepReads = {
  upkeep: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: async ({ audit, limitedConsole, now }) => ({
      data: await getUpkeep(limitedConsole, audit.target, now),
      observedAt: now,
      source: "console: partition_upkeep",
    }),
  }),
  /** Of the rule as it stands, or of one that is being written (`rule`). */
  upkeepPreview: defineRead({
    role: "viewer",
    input: z.strictObject({
      table: relationInput,
      rule: z.strictObject(ruleFields).superRefine(checkTimes).optional(),
    }),
    run: async ({ audit, limitedConsole, now }, { table, rule }) => {
      const says: RuleSays = rule
        ? { ...rule, table, cut: rule.cut ?? null, tablespace: rule.tablespace ?? null }
        : await requireRule(limitedConsole.db, audit.target, table);
      return {
        data: await previewUpkeep(audit, says, now),
        observedAt: now,
        source: "pg_class, pg_inherits",
      };
    },
  }),
};
