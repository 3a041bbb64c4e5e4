import type { Check } from "../check.ts";
import { stoppedDuty } from "./check-duties.ts";

export const workChecks: readonly Check[] = [stoppedDuty];
