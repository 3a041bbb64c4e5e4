import type { Check } from "../check.ts";
import { bufferHitRatio } from "./check-hit-ratio.ts";

export const buffersChecks: readonly Check[] = [bufferHitRatio];
