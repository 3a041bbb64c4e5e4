/**
 * Every advisory lock of an audit database that goes by a number. (Idempotency keys lock hashes of themselves.) None is
 * one of lib/db/locks.ts: both may be one database.
 */
export const auditLocks = {
  /** Bringing the schema up to date. Each migration is one transaction: where an older version runs too, one fails whole. */
  migration: 4_711_001_001,
} as const;

/**
 * First number of the two-number advisory lock that structural work on a table holds; the second is the oid of the table
 * (of the root, for a partition), so that `select objid::regclass from pg_locks where classid = 471100100` names it.
 */
export const structuralWorkLock = 471_100_100;
