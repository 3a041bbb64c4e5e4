import { z } from "zod";
import { defineRead, rangeInput } from "../read.ts";
import { getCacheContents } from "./get-cache-contents.ts";
import { getQueryCache } from "./get-query-cache.ts";
import { getQueryCacheHistory } from "./get-query-cache-history.ts";

const overRange = z.strictObject({ range: rangeInput });
const nothing = z.strictObject({});

export const answersReads = {
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
};
