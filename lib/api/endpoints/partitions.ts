import { z } from "zod";
import { identifierInput, textInput } from "../../inputs.ts";
import { partitionOrders } from "../../partitions/get-table.ts";
import { partitionsAnswer } from "../answers/partitions.ts";
import { partmanAnswer, upkeepAnswer, upkeepPreviewAnswer } from "../answers/upkeep.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { limitQuery, orderQuery } from "../parts.ts";

/** Resources about partitions. */
export const partitionsEndpoints = {
  partitions: defineEndpoint({
    path: ofTarget("partitions"),
    summary: "Partitions with bounds, sizes, rows, dead rows, last vacuum and analyze",
    read: "partitionTable",
    query: z.object({
      schema: identifierInput.default("public"),
      root: identifierInput.optional().meta({ description: "Only those of this table" }),
      orderBy: z.enum(partitionOrders).default("totalBytes"),
      order: orderQuery,
      filter: textInput(200).optional().meta({ description: "Part of name, branch or bounds" }),
      limit: limitQuery(1_000, 100),
      offset: z.coerce.number().int().min(0).default(0),
    }),
    toInput: (query) => query,
    answer: partitionsAnswer,
  }),
  upkeep: defineEndpoint({
    path: ofTarget("partitions/upkeep"),
    summary: "What keeps tables ahead: each rule with its last run and its next",
    read: "upkeep",
    query: z.object({}),
    toInput: () => ({}),
    answer: upkeepAnswer,
  }),
  upkeepPreview: defineEndpoint({
    path: ofTarget("partitions/upkeep/preview"),
    summary: "The next five runs of a table's rule, and what each would make as of then",
    read: "upkeepPreview",
    query: z.object({
      schema: identifierInput.default("public"),
      table: identifierInput.meta({ description: "The table whose rule it is" }),
    }),
    toInput: ({ schema, table }) => ({ table: { schema, name: table } }),
    answer: upkeepPreviewAnswer,
  }),
  partman: defineEndpoint({
    path: ofTarget("partitions/partman"),
    summary: "The tables that pg_partman manages, with its settings and its last run where it keeps that",
    read: "partman",
    query: z.object({}),
    toInput: () => ({}),
    answer: partmanAnswer,
  }),
};
