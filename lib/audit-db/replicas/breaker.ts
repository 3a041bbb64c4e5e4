import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from "cockatiel";
import { AppError } from "../../errors.ts";
import { isConnectionError } from "../driver-error.ts";
import type { NodeStatus } from "../types.ts";

const failuresInARow = 5;

/**
 * A node's circuit: five lost or silent connections in a row open it, and what comes then is refused at once
 * instead of waiting for another timeout. The health probe goes through it too, so it is what closes it again.
 */
export function createBreaker(halfOpenAfterMs: number): CircuitBreakerPolicy {
  return circuitBreaker(
    handleWhen((thrown) => isSilence(thrown)),
    { breaker: new ConsecutiveBreaker(failuresInARow), halfOpenAfter: halfOpenAfterMs },
  );
}

export function breakerState(breaker: CircuitBreakerPolicy): NonNullable<NodeStatus["breaker"]> {
  if (breaker.state === CircuitState.Closed) return "closed";
  return breaker.state === CircuitState.HalfOpen ? "half_open" : "open";
}

/** The connection failed, or the server said nothing until the lease ended; not a statement's own failure. */
export function isSilence(thrown: unknown): boolean {
  if (isConnectionError(thrown)) return true;
  return thrown instanceof AppError && thrown.code === "TIMEOUT" && thrown.cause === undefined;
}

export function isBroken(thrown: unknown): boolean {
  return thrown instanceof BrokenCircuitError;
}

export function isOpen(breaker: CircuitBreakerPolicy | undefined): boolean {
  return breaker?.state === CircuitState.Open;
}
