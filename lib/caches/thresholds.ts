import { answerThresholds } from "../answers/thresholds.ts";
import { bufferThresholds } from "../buffers/thresholds.ts";
import { workloadThresholds } from "../workload/thresholds.ts";

/** When what the checks of the Caches page look at needs somebody. */
export const cacheThresholds = { ...answerThresholds, ...bufferThresholds, ...workloadThresholds };

export type CacheThresholds = typeof cacheThresholds;
