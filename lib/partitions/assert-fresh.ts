import { AppError } from "../errors.ts";
import type { Observed } from "../result.ts";

/** A sample must be of this moment: the last known figures shown during an outage are no sample. */
export function assertFresh(observed: Observed<unknown>): void {
  if (observed.stale)
    throw new AppError("UNAVAILABLE", observed.stale.reason, { since: observed.stale.since });
}
