import type { Check } from "../check.ts";
import { deadlocks } from "./check-deadlocks.ts";
import { rollbacks } from "./check-rollbacks.ts";
import { tempFiles } from "./check-temp-files.ts";

export const workloadChecks: readonly Check[] = [rollbacks, tempFiles, deadlocks];
