import { z } from "zod";
import { defineRead, rangeInput } from "../read.ts";
import { getCacheWaterfall } from "./get-cache-waterfall.ts";

const overRange = z.strictObject({ range: rangeInput });

export const cachesReads = {
  cacheWaterfall: defineRead({
    role: "viewer",
    input: overRange,
    run: (context, input) => getCacheWaterfall(context, input.range),
  }),
};
