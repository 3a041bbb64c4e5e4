import type { Check } from "../check.ts";
import { personalData } from "./check-personal-data.ts";
import { quarantined } from "./check-quarantined.ts";
import { ingestSilence } from "./check-silence.ts";

export const eventsChecks: readonly Check[] = [ingestSilence, quarantined, personalData];
