import type { Check } from "../check.ts";
import { collectedSamples } from "./check-collector.ts";
import { reachable } from "./check-reachable.ts";

export const targetsChecks: readonly Check[] = [reachable, collectedSamples];
