import { z } from "zod";
import { nullableNumber } from "../parts.ts";
import { historyAnswer } from "./overview.ts";

export const cachesAnswer = historyAnswer
  .extend({
    share: nullableNumber.meta({ description: "Hits ÷ (hits + reads) over the whole range, 0 to 1" }),
    minBlocksPerStep: z.number(),
  })
  .meta({ id: "BufferCacheHits" });
