import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from "cockatiel";
import { AppError } from "../../errors.ts";
import { explainConnectionError, isConnectionError } from "../pool/driver-error.ts";
import type { NodeStatus } from "./types.ts";

const failuresInARow = 5;

/**
 * A node's circuit: five failures in a row to reach it open it, and what comes then is refused at once
 * instead of waiting for another timeout. The health probe goes through it too, so it is what closes it again.
 */
export function createBreaker(halfOpenAfterMs: number): CircuitBreakerPolicy {
  return circuitBreaker(handleWhen(isUnreachable), {
    breaker: new ConsecutiveBreaker(failuresInARow),
    halfOpenAfter: halfOpenAfterMs,
  });
}

/** Why what comes is refused: how the last try to reach the server ended. */
export function explainBroken(
  breaker: CircuitBreakerPolicy | undefined,
): ReturnType<typeof explainConnectionError> {
  const last = breaker?.lastFailure;
  return last && "error" in last && isConnectionError(last.error)
    ? explainConnectionError(last.error)
    : { cause: "unreachable", reason: "the server does not answer" };
}

export function breakerState(breaker: CircuitBreakerPolicy): NonNullable<NodeStatus["breaker"]> {
  if (breaker.state === CircuitState.Closed) return "closed";
  return breaker.state === CircuitState.HalfOpen ? "half_open" : "open";
}

/** A probe that had no answer in time. Known by its name: each of Next's bundles has a class of its own. */
export class SilentNode extends Error {
  override readonly name = "SilentNode";
}

export function isSilent(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "SilentNode";
}

/** The server cannot be reached; a role it refuses says nothing about its health. */
function isUnreachable(thrown: unknown): boolean {
  if (isSilent(thrown)) return true;
  if (!isConnectionError(thrown)) return false;
  const { cause } = explainConnectionError(thrown);
  return cause === "unreachable" || cause === "starting";
}

/** Another node may do better: no connection, or no answer in time. A statement's own failure is none of these. */
export function isNodeFailure(thrown: unknown): boolean {
  if (isConnectionError(thrown) || isBroken(thrown)) return true;
  // A statement over its own timeout carries the server's error; it would last as long elsewhere.
  return thrown instanceof AppError && thrown.code === "TIMEOUT" && thrown.cause === undefined;
}

/** By cockatiel's own mark: each of Next's bundles has a class of its own. */
export function isBroken(thrown: unknown): boolean {
  return thrown instanceof Error && isBrokenCircuitError(thrown);
}

export function isOpen(breaker: CircuitBreakerPolicy | undefined): boolean {
  return breaker?.state === CircuitState.Open;
}
