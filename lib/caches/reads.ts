import { z } from "zod";
import { getCacheContents } from "../answers/get-cache-contents.ts";
import { getQueryCache } from "../answers/get-query-cache.ts";
import { getQueryCacheHistory } from "../answers/get-query-cache-history.ts";
import { getBufferCacheHits } from "../buffers/get-buffer-cache-hits.ts";
import { getBufferUsage } from "../buffers/get-buffer-usage.ts";
import { getCacheSettings } from "../buffers/get-cache-settings.ts";
import { getIoByBackend } from "../buffers/get-io-by-backend.ts";
import { getReadLatency } from "../buffers/get-read-latency.ts";
import { getRelationCacheHits, relationOrders } from "../buffers/get-relation-cache-hits.ts";
import { defineRead, rangeInput } from "../read.ts";
import { getCacheWaterfall } from "./get-cache-waterfall.ts";

const overRange = z.strictObject({ range: rangeInput });
const nothing = z.strictObject({});

export const cachesReads = {
  cacheWaterfall: defineRead({
    role: "viewer",
    input: overRange,
    run: (context, input) => getCacheWaterfall(context, input.range),
  }),
  bufferCacheHits: defineRead({
    role: "viewer",
    input: overRange,
    run: (context, input) => getBufferCacheHits(context, input.range),
  }),
  relationCacheHits: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: z.strictObject({
      kind: z.enum(["table", "index"]).default("table"),
      orderBy: z.enum(relationOrders).default("reads"),
      limit: z.number().int().min(1).max(500).default(50),
      groupPartitions: z.boolean().default(true).describe("Add partitions up under the table at the top."),
      system: z.boolean().default(false).describe("Show the server's own catalogues, too."),
    }),
    run: ({ audit }, input) => getRelationCacheHits(audit, input),
  }),
  ioByBackend: defineRead({
    role: "viewer",
    input: overRange,
    run: (context, input) => getIoByBackend(context, input.range),
  }),
  queryCache: defineRead({
    role: "viewer",
    input: nothing,
    run: (context) => getQueryCache(context),
  }),
  queryCacheHistory: defineRead({
    role: "viewer",
    input: overRange,
    run: (context, input) => getQueryCacheHistory(context, input.range),
  }),
  /** What both levels hold, by statement. */
  cacheContents: defineRead({
    role: "viewer",
    input: nothing,
    run: (context) => getCacheContents(context),
  }),
  readLatency: defineRead({
    role: "viewer",
    input: overRange,
    run: (context, input) => getReadLatency(context, input.range),
  }),
  bufferUsage: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getBufferUsage(audit),
  }),
  cacheSettings: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getCacheSettings(audit),
  }),
};
