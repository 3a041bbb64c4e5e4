import type { PoolLimits } from "../pool/types.ts";

/** One connection for a node's health probe, on which nothing may outlast the probe. */
export function probePool(timeoutMs: number): PoolLimits {
  return {
    max: 1,
    queueLimit: 1,
    acquireTimeoutMs: timeoutMs,
    connectTimeoutMs: timeoutMs,
    statementTimeoutMs: timeoutMs,
    lockTimeoutMs: timeoutMs,
    idleInTransactionTimeoutMs: timeoutMs,
    idleTimeoutMs: 60_000,
  };
}
