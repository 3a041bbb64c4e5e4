import { z } from "zod";
import { observeFindings } from "../evaluation/evaluate-now.ts";
import { identifierInput, textInput } from "../inputs.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import { lockTimeoutInput, planRequest } from "../partition-plan/request.ts";
import type { Plan } from "../partition-plan/types.ts";
import { quoteQualified } from "../quote-sql.ts";
import { defineRead, rangeInput, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { runway } from "./check-runway.ts";
import { partitionsChecks } from "./checks.ts";
import { getLargestLanes, getPartitionLanes, type PartitionLanes } from "./get-lanes.ts";
import { getPartition } from "./get-partition.ts";
import { getPartman } from "./get-partman.ts";
import { getPartitionTable, partitionOrders } from "./get-table.ts";
import { getPartitionTrees } from "./get-trees.ts";
import { getOpenWork, getPartitionWork } from "./get-work.ts";
import { readTook } from "./read-took.ts";
import { readWorld } from "./read-world.ts";
import { sharedPlansOf } from "./share-plans.ts";

const planSource = "pg_class, pg_inherits, pg_constraint, pg_locks, pg_stat_activity";

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
  /** Everybody who may look sees what would be done; nothing of it happens here. */
  partitionPlan: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({ request: planRequest, lockTimeoutMs: lockTimeoutInput }),
    run: async ({ audit, limitedConsole, now }, { request, lockTimeoutMs }): Promise<Observed<Plan>> => {
      const make = async () => {
        const took = await readTook(limitedConsole, audit.target);
        return makePlan({ audit, now, took }, request, lockTimeoutMs);
      };
      // Of all requests it alone reads rows by the gigabyte, for whoever may look.
      const data =
        request.verb === "repair"
          ? await sharedPlansOf(limitedConsole).share(
              audit.target,
              JSON.stringify([request, lockTimeoutMs, await readWorld(audit, request.partition)]),
              make,
            )
          : await make();
      return { data, observedAt: data.observedAt, source: planSource };
    },
  }),
  /** The tables that pg_partman manages, its settings and its last run. */
  partman: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({}),
    run: ({ audit }) => getPartman(audit),
  }),
  /** What a job does to partitions, step by step. */
  partitionWork: defineRead({
    role: "viewer",
    input: z.strictObject({ id: z.uuid("is not a job's id") }),
    run: async ({ audit, limitedConsole, now }, { id }) => ({
      data: await getPartitionWork(limitedConsole, audit.target, id),
      observedAt: now,
      source: "console: job, job_once",
    }),
  }),
  partitionWorks: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: async ({ audit, limitedConsole, now }) => ({
      data: await getOpenWork(limitedConsole, audit.target),
      observedAt: now,
      source: "console: job",
    }),
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
