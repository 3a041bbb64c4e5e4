import type { Check } from "../check.ts";
import { bufferHitRatio } from "./check-hit-ratio.ts";
import { readCost } from "./check-read-cost.ts";

export const buffersChecks: readonly Check[] = [readCost, bufferHitRatio];
