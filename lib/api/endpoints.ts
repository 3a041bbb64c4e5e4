import { z } from "zod";
import { jobStates } from "../../drizzle/console/schema/jobs.ts";
import { statesByRank } from "../check-board/worst-state.ts";
import { eventKeyInput, filterInput, parseEventKey } from "../events/inputs.ts";
import { identifierInput, targetInput, textInput } from "../inputs.ts";
import { partitionOrders } from "../partitions/get-table.ts";
import { queryOrders } from "../queries/top-query.ts";
import { approvalAnswer, approvalsAnswer } from "./answers/approvals.ts";
import { cachesAnswer } from "./answers/caches.ts";
import { checkAnswer, checksAnswer } from "./answers/checks.ts";
import { connectionsAnswer, poolerPoolsAnswer } from "./answers/connections.ts";
import { eventAnswer, eventsAnswer } from "./answers/events.ts";
import { dutiesAnswer, jobAnswer, jobLogAnswer, jobsAnswer, schedulesAnswer } from "./answers/jobs.ts";
import {
  databaseAgesAnswer,
  indexFaultsAnswer,
  preparedTransactionsAnswer,
  sequencesAnswer,
  watchedSettingsAnswer,
} from "./answers/maintenance.ts";
import { historyAnswer, overviewAnswer } from "./answers/overview.ts";
import { partitionsAnswer } from "./answers/partitions.ts";
import { queriesAnswer, statementAnswer } from "./answers/queries.ts";
import { cacheContentsAnswer, queryCacheAnswer } from "./answers/query-cache.ts";
import { capabilitiesAnswer, targetsAnswer } from "./answers/targets.ts";
import { partmanAnswer, upkeepAnswer, upkeepPreviewAnswer } from "./answers/upkeep.ts";
import { defineEndpoint } from "./endpoint.ts";
import { eventsQuery, jobIdParameter } from "./job-events/operation.ts";
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
  approvals: defineEndpoint({
    path: "/api/v1/approvals",
    summary: "What waits for a second person, newest first, or what ever did",
    read: "approvals",
    query: z.object({
      state: z.enum(["open", "all"]).default("open"),
      limit: limitQuery(500, 100),
      before: z.uuid().optional().meta({ description: "Only what was asked for before this one" }),
    }),
    toInput: (query) => query,
    answer: approvalsAnswer,
  }),
  approval: defineEndpoint({
    path: "/api/v1/approvals/{id}",
    summary: "One request for a second person, with its input and digest",
    read: "approval",
    parameters: { id: z.uuid().meta({ description: "The request's id" }) },
    query: z.object({}),
    toInput: (_query, { id }) => ({ id }),
    answer: approvalAnswer,
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
  poolerPools: defineEndpoint({
    path: ofTarget("connections/pooler-pools"),
    summary: "PgBouncer's pools now, one for each pair of user and database, the longest wait first",
    read: "poolerPools",
    query: z.object({}),
    toInput: () => ({}),
    answer: poolerPoolsAnswer,
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
  checks: defineEndpoint({
    path: ofTarget("checks"),
    summary: "Every check with its state, worst object, limits in force and runbook, green ones too",
    read: "checks",
    query: z.object({
      state: z.enum(statesByRank).optional().meta({ description: "Only those that stand so" }),
      topic: textInput(40).optional().meta({ description: "Only those of this topic, e.g. connections" }),
    }),
    toInput: (query, { target }) => ({ target, ...query }),
    answer: checksAnswer,
  }),
  check: defineEndpoint({
    path: ofTarget("checks/{id}"),
    summary: "One check with every object it judged, worst first",
    read: "check",
    parameters: { id: z.string().meta({ description: "The check's id, e.g. connections.used" }) },
    query: z.object({
      limit: limitQuery(1_000, 100),
      offset: z.coerce.number().int().min(0).default(0),
    }),
    toInput: (query, { target, id }) => ({ target, check: id, ...query }),
    answer: checkAnswer,
  }),
  databaseAges: defineEndpoint({
    path: ofTarget("maintenance/databases"),
    summary:
      "How much of its transaction and multixact ids each database has used; pages that failed their checksum",
    read: "databaseAges",
    query: z.object({}),
    toInput: () => ({}),
    answer: databaseAgesAnswer,
  }),
  sequences: defineEndpoint({
    path: ofTarget("maintenance/sequences"),
    summary: "Sequences that end some day, the most used first",
    read: "sequences",
    query: z.object({ limit: limitQuery(1_000, 200) }),
    toInput: (query) => query,
    answer: sequencesAnswer,
  }),
  indexFaults: defineEndpoint({
    path: ofTarget("maintenance/indexes"),
    summary: "Indexes that are invalid, and those that repeat another one",
    read: "indexFaults",
    query: z.object({}),
    toInput: () => ({}),
    answer: indexFaultsAnswer,
  }),
  preparedTransactions: defineEndpoint({
    path: ofTarget("maintenance/prepared-transactions"),
    summary: "Two-phase transactions that nobody has ended, the oldest first",
    read: "preparedTransactions",
    query: z.object({}),
    toInput: () => ({}),
    answer: preparedTransactionsAnswer,
  }),
  watchedSettings: defineEndpoint({
    path: ofTarget("maintenance/settings"),
    summary:
      "Settings that protect data, those that wait for a restart, and values put on databases and roles",
    read: "watchedSettings",
    query: z.object({}),
    toInput: () => ({}),
    answer: watchedSettingsAnswer,
  }),
  capabilities: defineEndpoint({
    path: ofTarget("capabilities"),
    summary: "Every feature: what it is for, needs, whether it is there, and what would enable it",
    read: "capabilities",
    query: z.object({}),
    toInput: () => ({}),
    answer: capabilitiesAnswer,
  }),
  jobs: defineEndpoint({
    path: "/api/v1/jobs",
    summary: "Long work that runs, waits or has ended, newest first, a page at a time",
    read: "jobs",
    query: z.object({
      state: textInput(100)
        .optional()
        .meta({ description: `Separated by commas, of ${jobStates.join(", ")}` }),
      name: textInput(100).optional().meta({ description: "`topic.verb`" }),
      target: targetInput.optional().meta({ description: "Only those that work on this target" }),
      schedule: textInput(100).optional().meta({ description: "Only those this schedule began" }),
      person: textInput(200).optional().meta({ description: "Part of the name of whoever asked for it" }),
      before: z.uuid().optional().meta({ description: "`next` of the page before" }),
      limit: limitQuery(500, 50),
    }),
    toInput: ({ state, ...query }) => ({
      ...query,
      ...(state && { states: state.split(",").map((each) => each.trim()) }),
    }),
    answer: jobsAnswer,
  }),
  job: defineEndpoint({
    path: "/api/v1/jobs/{id}",
    summary: "One job: input, who and why, attempts, progress, result or error, and what may be done with it",
    read: "job",
    parameters: { id: jobIdParameter },
    query: z.object({}),
    toInput: (_, { id }) => ({ id }),
    answer: jobAnswer,
  }),
  jobLog: defineEndpoint({
    path: "/api/v1/jobs/{id}/log",
    summary: "What a job said, oldest first: the newest lines, or those behind or ahead of one",
    read: "jobLog",
    parameters: { id: jobIdParameter },
    query: z.object({
      after: eventsQuery.shape.after.meta({ description: "Lines behind this number" }),
      before: eventsQuery.shape.after.meta({ description: "Lines ahead of this number" }),
      limit: limitQuery(1_000, 200),
    }),
    toInput: (query, { id }) => ({ id, ...query }),
    answer: jobLogAnswer,
  }),
  schedules: defineEndpoint({
    path: "/api/v1/schedules",
    summary: "Work that begins by the clock: expression, time zone, last and next runs",
    read: "schedules",
    query: z.object({}),
    toInput: () => ({}),
    answer: schedulesAnswer,
  }),
  duties: defineEndpoint({
    path: "/api/v1/duties",
    summary: "What workers do over and over: who leads it, when it was last done, and whether it fails",
    read: "duties",
    query: z.object({}),
    toInput: () => ({}),
    answer: dutiesAnswer,
  }),
};
