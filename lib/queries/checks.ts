import type { Check } from "../check.ts";
import { evictedStatements } from "./check-evicted.ts";
import { heavyStatements } from "./check-heavy.ts";
import { ownCost } from "./check-own-cost.ts";
import { slowStatements } from "./check-slow.ts";
import { statementTextSize } from "./check-text-size.ts";

export const queriesChecks: readonly Check[] = [
  heavyStatements,
  slowStatements,
  evictedStatements,
  statementTextSize,
  ownCost,
];
