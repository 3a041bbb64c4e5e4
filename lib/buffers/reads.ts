import { z } from "zod";
import { defineRead, rangeInput } from "../read.ts";
import { getBufferCacheHits } from "./get-buffer-cache-hits.ts";
import { getBufferUsage } from "./get-buffer-usage.ts";
import { getCacheSettings } from "./get-cache-settings.ts";
import { getCheckpoint } from "./get-checkpoint.ts";
import { getIoByBackend } from "./get-io-by-backend.ts";
import { getReadLatency } from "./get-read-latency.ts";
import { getRelationCacheHits, relationOrders } from "./get-relation-cache-hits.ts";

const overRange = z.strictObject({ range: rangeInput });
const nothing = z.strictObject({});

export const buffersReads = {
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
  /** The newest checkpoint, and what was written since. */
  checkpoint: defineRead({
    role: "viewer",
    withoutConsole: true,
    input: nothing,
    run: ({ audit }) => getCheckpoint(audit),
  }),
};
