import type { Check } from "../check.ts";
import { requestDue, requestOverdue, requestUnacknowledged } from "./check-deadlines.ts";
import { requestScanFailed, requestStalled } from "./check-progress.ts";

export const requestsChecks: readonly Check[] = [
  requestDue,
  requestOverdue,
  requestUnacknowledged,
  requestStalled,
  requestScanFailed,
];
