import { AppError } from "../errors.ts";

/** What every write of a running job names: it changes nothing once the row has a later attempt or another state. */
export interface Claim {
  id: string;
  attempt: number;
}

export function claimLost(): AppError {
  return new AppError(
    "CONFLICT",
    "This job is no longer run here: another worker has taken it over, or it has ended.",
  );
}
