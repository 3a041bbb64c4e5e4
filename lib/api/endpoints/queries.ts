import { z } from "zod";
import { textInput } from "../../inputs.ts";
import { queryOrders } from "../../queries/top-query.ts";
import { queriesAnswer, statementAnswer } from "../answers/queries.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { booleanQuery, limitQuery, orderQuery, rangeQuery } from "../parts.ts";
import { toRangeInput } from "../range.ts";

/** Resources about queries. */
export const queriesEndpoints = {
  queries: defineEndpoint({
    path: ofTarget("queries"),
    summary: "The statements that cost most over a window, with the window before",
    read: "topQueries",
    query: z.object({
      ...rangeQuery,
      orderBy: z.enum(queryOrders).default("totalTime"),
      order: orderQuery,
      limit: limitQuery(500, 50),
      search: textInput(200).optional().meta({ description: "Part of the text, role or database" }),
      group: z
        .enum(["statement", "shape"])
        .default("statement")
        .meta({ description: "`shape` adds up statements that differ in partition names only" }),
      hideOwn: booleanQuery(true).meta({ description: "Leave the console's own statements out" }),
    }),
    toInput: ({ range, from, to, ...query }) => ({ ...query, range: toRangeInput({ range, from, to }) }),
    answer: queriesAnswer,
  }),
  statement: defineEndpoint({
    path: ofTarget("queries/{queryid}"),
    summary: "One statement: text, counters and history of its costliest entry",
    read: "statementByQueryId",
    parameters: {
      queryid: z.string().meta({ description: "queryid of pg_stat_statements: the third part of a key" }),
    },
    query: z.object(rangeQuery),
    toInput: (query, { queryid }) => ({ queryId: queryid, range: toRangeInput(query) }),
    answer: statementAnswer,
  }),
};
