import { z } from "zod";
import { cachesAnswer } from "../answers/caches.ts";
import { cacheContentsAnswer, queryCacheAnswer } from "../answers/query-cache.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { rangeQuery } from "../parts.ts";
import { toRangeInput } from "../range.ts";

/** Resources about caches. */
export const cachesEndpoints = {
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
};
