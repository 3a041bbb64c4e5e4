import { z } from "zod";
import { observeFindings } from "../evaluation/evaluate-now.ts";
import { identifierInput, textInput } from "../inputs.ts";
import { quoteQualified } from "../quote-sql.ts";
import { defineRead, rangeInput, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { runway } from "./check-runway.ts";
import { partitionsChecks } from "./checks.ts";
import { getLargestLanes, getPartitionLanes, type PartitionLanes } from "./get-lanes.ts";
import { getPartition } from "./get-partition.ts";
import { getPartitionTable, partitionOrders } from "./get-table.ts";
import { getPartitionTrees } from "./get-trees.ts";

/** The questions about partitions that pages, API and command line ask. */
export const partitionsReads = {
  partitionTrees: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getPartitionTrees(audit),
  }),
  partitionLanes: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ schema: identifierInput.default("public"), root: identifierInput.optional() }),
    run: async ({ audit, now, checkStore }, { schema, root }): Promise<Observed<PartitionLanes | null>> => {
      const limitsFor = (await checkStore.limits(audit.target))(runway);
      return root
        ? getPartitionLanes(audit, { schema, root }, now, limitsFor)
        : getLargestLanes(audit, now, limitsFor);
    },
  }),
  partitionFindings: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: (context) => observeFindings(context, partitionsChecks, "pg_inherits, pg_class, pg_stat_all_tables"),
  }),
  partition: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ schema: identifierInput, name: identifierInput }),
    run: ({ audit }, input) => getPartition(audit, input),
  }),
  partitionHistory: defineRead({
    role: "viewer",
    input: z.strictObject({ schema: identifierInput, name: identifierInput, range: rangeInput }),
    run: async ({ audit, history, now }, { schema, name, range }) => {
      const key = quoteQualified(schema, name);
      const metrics = ["bytes", "rows", "dead"];
      const data = await history.object(audit.target, "partitions", key, metrics, resolveRange(range, now));
      return {
        data,
        observedAt: data.observedAt ?? now,
        source: "samples of pg_class and pg_stat_all_tables",
        countsSince: data.collectingSince,
      };
    },
  }),
  partitionTable: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({
      schema: identifierInput.default("public"),
      root: identifierInput.optional(),
      orderBy: z.enum([...partitionOrders, "branch"]).default("totalBytes"),
      order: z.enum(["asc", "desc"]).default("desc"),
      filter: textInput(200).optional(),
      limit: z.int().min(1).max(1_000).default(100),
      offset: z.int().min(0).default(0),
    }),
    run: ({ audit }, { schema, root, filter, ...query }) =>
      getPartitionTable(audit, {
        ...query,
        ...(root && { table: { schema, root } }),
        ...(filter && { filter }),
      }),
  }),
};
