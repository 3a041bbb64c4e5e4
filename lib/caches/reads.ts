import { z } from "zod";
import { defineRead, rangeInput } from "../read.ts";
import { getBufferCacheHits } from "./get-buffer-cache-hits.ts";
import { getBufferUsage } from "./get-buffer-usage.ts";
import { getCacheContents } from "./get-cache-contents.ts";
import { getCacheSettings } from "./get-cache-settings.ts";
import { getCacheWaterfall } from "./get-cache-waterfall.ts";
import { getIoByBackend } from "./get-io-by-backend.ts";
import { getQueryCache } from "./get-query-cache.ts";
import { getQueryCacheHistory } from "./get-query-cache-history.ts";
import { getReadLatency } from "./get-read-latency.ts";
import { getRelationCacheHits, relationOrders } from "./get-relation-cache-hits.ts";

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
