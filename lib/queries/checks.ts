import type { Check } from "../check.ts";
import { evictedStatements } from "./check-evicted.ts";
import { slowStatements } from "./check-slow.ts";

export const queriesChecks: readonly Check[] = [slowStatements, evictedStatements];
