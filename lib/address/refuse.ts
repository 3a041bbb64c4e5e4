import { AppError } from "../errors.ts";

/** An address that cannot be taken. Names the parameter and what it may be, never a value that may be secret. */
export function refuseAddress(message: string, hint?: string): AppError {
  return new AppError("BAD_INPUT", message, hint === undefined ? {} : { hint });
}
