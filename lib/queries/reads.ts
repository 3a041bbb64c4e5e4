import { z } from "zod";
import { textInput } from "../inputs.ts";
import { defineRead, rangeInput, resolveRange } from "../read.ts";
import { getPlanSetup } from "./get-plan-setup.ts";
import { getQueryDetail } from "./get-query-detail.ts";
import { getRunningQueries } from "./get-running-queries.ts";
import { getStatementStatus } from "./get-status.ts";
import { getTopQueries } from "./get-top-queries.ts";
import { statementKey } from "./statement-key.ts";
import { queryOrders } from "./top-query.ts";

const range = rangeInput.default({ range: "1h" });

/** The questions about statements that pages, API and command line ask. */
export const queriesReads = {
  topQueries: defineRead({
    role: "viewer",
    input: z.strictObject({
      range,
      orderBy: z.enum(queryOrders).default("totalTime"),
      order: z.enum(["asc", "desc"]).default("desc"),
      limit: z.int().min(1).max(500).default(50),
      hideOwn: z.boolean().default(true),
      search: textInput(200).optional(),
      group: z.enum(["statement", "shape"]).default("statement"),
    }),
    run: (context, { search, ...input }) =>
      getTopQueries(context, {
        ...input,
        ...(search && { search }),
        range: resolveRange(input.range, context.now),
      }),
  }),
  queryDetail: defineRead({
    role: "viewer",
    input: z.strictObject({ key: statementKey, range }),
    run: (context, input) =>
      getQueryDetail(context, { key: input.key, range: resolveRange(input.range, context.now) }),
  }),
  queryPlanSetup: defineRead({
    role: "operator",
    input: z.strictObject({}),
    run: (context) => getPlanSetup(context),
  }),
  runningQueries: defineRead({
    role: "viewer",
    input: z.strictObject({ hideOwn: z.boolean().default(true) }),
    run: ({ audit }, input) => getRunningQueries(audit, input),
  }),
  statementStatistics: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getStatementStatus(audit),
  }),
};
