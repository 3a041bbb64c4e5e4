import type { Check } from "../check.ts";
import { upkeepFailed } from "./check-failed.ts";
import { upkeepSkipped } from "./check-skipped.ts";
import { upkeepStale } from "./check-stale.ts";

export const upkeepChecks: readonly Check[] = [upkeepStale, upkeepFailed, upkeepSkipped];
