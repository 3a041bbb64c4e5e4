import type { Check } from "../check.ts";
import { checkpointAge } from "./check-checkpoint-age.ts";
import { bufferHitRatio } from "./check-hit-ratio.ts";
import { readCost } from "./check-read-cost.ts";

export const buffersChecks: readonly Check[] = [readCost, bufferHitRatio, checkpointAge];
