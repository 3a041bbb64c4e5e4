import { z } from "zod";
import { connectionsAnswer, poolerPoolsAnswer } from "../answers/connections.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { booleanQuery } from "../parts.ts";

/** Resources about connections. */
export const connectionsEndpoints = {
  connections: defineEndpoint({
    path: ofTarget("connections"),
    summary: "Server connections now: by state, application, user, database and client, and the limits",
    read: "serverConnections",
    query: z.object({
      hideOwn: booleanQuery(true).meta({ description: "Leave the console's own sessions out" }),
    }),
    toInput: ({ hideOwn }) => ({ hideOwn }),
    answer: connectionsAnswer,
  }),
  poolerPools: defineEndpoint({
    path: ofTarget("connections/pooler-pools"),
    summary: "PgBouncer's pools now, one for each pair of user and database, the longest wait first",
    read: "poolerPools",
    query: z.object({}),
    toInput: () => ({}),
    answer: poolerPoolsAnswer,
  }),
};
