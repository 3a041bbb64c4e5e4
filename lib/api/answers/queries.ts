import { z } from "zod";
import { statementMetrics } from "../../queries/statement-columns.ts";
import { count, instant, nullableNumber, nullableText, point } from "../parts.ts";
import { historyAnswer } from "./overview.ts";

const metricNames = statementMetrics.map(({ name }) => name);
const figures = z
  .partialRecord(z.enum(metricNames), nullableNumber)
  .meta({ id: "StatementFigures", description: "Growth over the window; absent when not recorded" });

const topQuery = z
  .object({
    key: z.string().meta({ description: "dbid/userid/queryid/toplevel" }),
    statements: count,
    text: nullableText,
    user: nullableText,
    database: nullableText,
    own: z.boolean(),
    values: figures,
    meanMs: nullableNumber,
    share: nullableNumber,
    figure: nullableNumber.meta({ description: "What it is ordered by" }),
    previousFigure: nullableNumber,
    spark: z.array(point),
  })
  .meta({ id: "TopQuery" });

const sampledWindow = z
  .object({
    from: instant,
    to: instant,
    missingShare: z.number().meta({
      description:
        "0 to 1: what is in no figure because nobody sampled then, or the server began anew or evicted what it counted",
    }),
  })
  .meta({
    id: "SampledWindow",
    description: "The samples nearest to the ends of the range: what the figures lie between",
  });

export const queriesAnswer = z
  .object({
    queries: z.array(topQuery),
    total: count,
    totals: figures,
    basis: z.enum(["window", "cumulative"]).meta({
      description: "cumulative: since countsSince, until the collector has two samples",
    }),
    collectingSince: instant.nullable(),
    sampled: sampledWindow.nullable(),
  })
  .meta({ id: "TopQueries" });

const counters = z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null()]));

const entry = z
  .object({
    databaseId: z.string(),
    userId: z.string(),
    queryId: z.string(),
    toplevel: z.boolean(),
    user: nullableText,
    database: nullableText,
    calls: z.number(),
    totalExecMs: z.number(),
    countsSince: instant.nullable(),
    counters,
  })
  .meta({ id: "StatementEntry" });

export const statementAnswer = z
  .object({
    key: z.string(),
    queryId: z.string(),
    text: nullableText,
    formatted: nullableText,
    shape: nullableText,
    user: nullableText,
    database: nullableText,
    own: z.boolean(),
    toplevel: z.boolean(),
    entries: z.array(entry),
    counters: counters.nullable().meta({ description: "The view's own column names" }),
    firstSeen: instant.nullable(),
    lastSeen: instant.nullable(),
    history: historyAnswer,
  })
  .meta({ id: "Statement" });
