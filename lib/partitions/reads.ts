import { z } from "zod";
import { defineRead } from "../read.ts";
import { getPartitionLanes } from "./get-lanes.ts";
import { getPartitionTable, partitionOrders } from "./get-table.ts";
import { getPartitionTrees } from "./get-trees.ts";

const identifier = z.string().min(1).max(63);
const table = z.strictObject({ schema: identifier.default("public"), root: identifier });

/** The questions about partitions that pages, API and command line ask. */
export const partitionsReads = {
  partitionTrees: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: ({ audit }) => getPartitionTrees(audit),
  }),
  partitionLanes: defineRead({
    role: "viewer",
    input: table,
    run: ({ audit, now }, input) => getPartitionLanes(audit, input, now),
  }),
  partitionTable: defineRead({
    role: "viewer",
    input: z.strictObject({
      schema: identifier.default("public"),
      root: identifier.optional(),
      orderBy: z.enum(partitionOrders).default("totalBytes"),
      order: z.enum(["asc", "desc"]).default("desc"),
      filter: z.string().max(200).optional(),
      limit: z.int().min(1).max(1_000).default(100),
      offset: z.int().min(0).default(0),
    }),
    run: ({ audit, now }, { schema, root, filter, ...query }) =>
      getPartitionTable(
        audit,
        { ...query, ...(root && { table: { schema, root } }), ...(filter && { filter }) },
        now,
      ),
  }),
};
