import { z } from "zod";
import { instantInput } from "../inputs.ts";
import { defineRead, rangeInput } from "../read.ts";
import { getApplicationPools } from "./get-application-pools.ts";
import { getBlockers } from "./get-blockers.ts";
import { getConnectionHistory } from "./get-connection-history.ts";
import { getIdleInTransaction } from "./get-idle-in-transaction.ts";
import { getLockTable } from "./get-lock-table.ts";
import { getLongQueries } from "./get-long-queries.ts";
import { getLongestTransactions } from "./get-longest-transactions.ts";
import { getPoolHistory } from "./get-pool-history.ts";
import { getPoolerHistory } from "./get-pooler-history.ts";
import { getPoolerPools } from "./get-pooler-pools.ts";
import { getServerConnections } from "./get-server-connections.ts";
import { getSession } from "./get-session.ts";
import { getWaitEvents } from "./get-wait-events.ts";
import { poolerUrlOf } from "./sample-pooler.ts";

const hideOwn = z.boolean().default(true).describe("Leave the console's own sessions out.");
const limit = z.number().int().min(1).max(500).default(50);

export const connectionsReads = {
  serverConnections: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ hideOwn }),
    run: ({ audit }, input) => getServerConnections(audit, input),
  }),
  waitEvents: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ hideOwn }),
    run: ({ audit }, input) => getWaitEvents(audit, input),
  }),
  longestTransactions: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ hideOwn, limit }),
    run: ({ audit }, input) => getLongestTransactions(audit, input),
  }),
  /** Statements that have run for a minute and more, but for dumps and our own. */
  longQueries: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getLongQueries(audit),
  }),
  idleInTransaction: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ hideOwn, limit }),
    run: ({ audit }, input) => getIdleInTransaction(audit, input),
  }),
  session: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ pid: z.int().min(1).max(2_147_483_647), backendStart: instantInput }),
    run: ({ audit }, input) => getSession(audit, input),
  }),
  blockers: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getBlockers(audit),
  }),
  connectionHistory: defineRead({
    role: "viewer",
    input: z.strictObject({ range: rangeInput }),
    run: (context, input) => getConnectionHistory(context, input.range),
  }),
  applicationPools: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: (context) => getApplicationPools(context),
  }),
  poolerHistory: defineRead({
    role: "viewer",
    input: z.strictObject({ range: rangeInput }),
    run: (context, input) => getPoolerHistory(context, input.range, poolerUrlOf(context.audit.target)),
  }),
  /** PgBouncer's pools now, one for each pair of user and database, asked at most every two seconds by this process. */
  poolerPools: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit, share }) =>
      share(`${audit.target} poolerPools`, () => getPoolerPools(poolerUrlOf(audit.target))),
  }),
  poolHistory: defineRead({
    role: "viewer",
    input: z.strictObject({ range: rangeInput }),
    run: (context, input) => getPoolHistory(context, input.range),
  }),
  /** How full the shared table of locks is. */
  lockTable: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getLockTable(audit),
  }),
};
