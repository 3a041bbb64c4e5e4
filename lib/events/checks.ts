import type { Check } from "../check.ts";
import { quarantined } from "./check-quarantined.ts";

export const eventsChecks: readonly Check[] = [quarantined];
