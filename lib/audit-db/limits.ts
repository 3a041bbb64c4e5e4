import type { CacheLimits } from "./cache/types.ts";
import type { PoolLimits } from "./pool/types.ts";
import type { Purpose } from "./purpose.ts";

const common: PoolLimits = {
  max: 2,
  queueLimit: 200,
  acquireTimeoutMs: 5_000,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 10_000,
  lockTimeoutMs: 500,
  idleInTransactionTimeoutMs: 15_000,
  idleTimeoutMs: 60_000,
};

/** What each purpose may take from the audit database unless the caller says otherwise. */
export const defaultPoolLimits: Record<Purpose, PoolLimits> = {
  watch: common,
  read: { ...common, max: 4, statementTimeoutMs: 30_000, lockTimeoutMs: 2_000 },
  write: { ...common, max: 4, queueLimit: 1_000, lockTimeoutMs: 5_000 },
  maintenance: { ...common, max: 1, queueLimit: 20, statementTimeoutMs: 600_000, lockTimeoutMs: 2_000 },
  privacy: { ...common, max: 1, queueLimit: 20, statementTimeoutMs: 60_000 },
  explain: { ...common, max: 1, queueLimit: 10, acquireTimeoutMs: 15_000, statementTimeoutMs: 5_000 },
};

export const defaultCacheLimits: CacheLimits = {
  maxEntries: 1_000,
  maxBytes: 32 * 1024 * 1024,
  staleMs: 6 * 3_600_000,
};
