import type { Check } from "../check.ts";
import { blindChecks } from "./check-blind.ts";
import { collectedSamples } from "./check-collector.ts";
import { missedEvaluations } from "./check-missed.ts";
import { reachable } from "./check-reachable.ts";

export const targetsChecks: readonly Check[] = [reachable, collectedSamples, blindChecks, missedEvaluations];
