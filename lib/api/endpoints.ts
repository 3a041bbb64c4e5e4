import { z } from "zod";
import { eventKeyInput, filterInput, parseEventKey } from "../events/inputs.ts";
import { identifierInput, textInput } from "../inputs.ts";
import { partitionOrders } from "../partitions/get-table.ts";
import { queryOrders } from "../queries/top-query.ts";
import { cachesAnswer } from "./answers/caches.ts";
import { connectionsAnswer } from "./answers/connections.ts";
import { eventAnswer, eventsAnswer } from "./answers/events.ts";
import { historyAnswer, overviewAnswer } from "./answers/overview.ts";
import { partitionsAnswer } from "./answers/partitions.ts";
import { queriesAnswer, statementAnswer } from "./answers/queries.ts";
import { cacheContentsAnswer, queryCacheAnswer } from "./answers/query-cache.ts";
import { capabilitiesAnswer, targetsAnswer } from "./answers/targets.ts";
import { defineEndpoint } from "./endpoint.ts";
import { booleanQuery, limitQuery, orderQuery, rangeQuery } from "./parts.ts";
import { toRangeInput } from "./range.ts";

const ofTarget = (rest: string) => `/api/v1/targets/{target}/${rest}`;

/** Every resource of the API by its operation's name. */
export const endpoints = {
  targets: defineEndpoint({
    path: "/api/v1/targets",
    summary: "The audit databases the caller may see, and whether each answers",
    read: "targetStatus",
    query: z.object({}),
    toInput: () => ({}),
    answer: targetsAnswer,
  }),
  overview: defineEndpoint({
    path: ofTarget("overview"),
    summary: "The state in words, findings worst first, and the key figures with their trends",
    read: "overview",
    query: z.object(rangeQuery),
    toInput: (query) => ({ range: toRangeInput(query) }),
    answer: overviewAnswer,
  }),
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
  caches: defineEndpoint({
    path: ofTarget("caches"),
    summary: "Share of blocks found in shared_buffers over time",
    read: "bufferCacheHits",
    query: z.object(rangeQuery),
    toInput: (query) => ({ range: toRangeInput(query) }),
    answer: cachesAnswer,
  }),
  queryCache: defineEndpoint({
    path: ofTarget("caches/query-cache"),
    summary: "The console's cache of answers: memory of every process, and Redis behind it",
    read: "queryCache",
    query: z.object({}),
    toInput: () => ({}),
    answer: queryCacheAnswer,
  }),
  cacheContents: defineEndpoint({
    path: ofTarget("caches/query-cache/contents"),
    summary: "What the cache of answers holds, by statement, and what that saves",
    read: "cacheContents",
    query: z.object({}),
    toInput: () => ({}),
    answer: cacheContentsAnswer,
  }),
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
  events: defineEndpoint({
    path: ofTarget("events"),
    summary: "Events that match, newest first, a page at a time by key; people as tokens",
    read: "searchEvents",
    query: z.object({
      ...rangeQuery,
      ...filterInput,
      before: textInput(100).optional().meta({ description: "`older` of the page before, as occurredAt_id" }),
    }),
    toInput: ({ range, from, to, before, ...filters }) => ({
      ...filters,
      range: toRangeInput({ range, from, to }),
      ...(before !== undefined && { before: parseEventKey(before) }),
    }),
    answer: eventsAnswer,
  }),
  event: defineEndpoint({
    path: ofTarget("events/{id}"),
    summary: "One event with all its columns, and whether its leaf still matches",
    read: "event",
    parameters: { id: z.uuid().meta({ description: "The event's id" }) },
    query: z.object({ occurredAt: eventKeyInput.occurredAt }),
    toInput: ({ occurredAt }, { id }) => ({ occurredAt, id }),
    answer: eventAnswer,
  }),
  history: defineEndpoint({
    path: ofTarget("history"),
    summary: "Collected series over time, on common steps; counters as rates per second",
    read: "seriesHistory",
    query: z.object({
      series: textInput(2_500)
        .min(1)
        .meta({ description: "Names separated by commas, e.g. connections.active,database.commits" }),
      ...rangeQuery,
      limit: limitQuery(1_000, 300).meta({ description: "Points of each series at most" }),
    }),
    toInput: ({ series, limit, ...query }) => ({
      series: series.split(",").map((name) => name.trim()),
      range: toRangeInput(query),
      points: limit,
    }),
    answer: historyAnswer,
  }),
  capabilities: defineEndpoint({
    path: ofTarget("capabilities"),
    summary: "Every feature: what it is for, needs, whether it is there, and what would enable it",
    read: "capabilities",
    query: z.object({}),
    toInput: () => ({}),
    answer: capabilitiesAnswer,
  }),
};
