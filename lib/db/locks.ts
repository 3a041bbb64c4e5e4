/**
 * Every advisory lock of the console database that goes by a number: whoever holds one does its work alone, in whatever
 * process. (Leadership locks hashes of its duties' names; lib/audit-db/locks.ts has those of audit databases. Both may be
 * one database, so no number stands in both.)
 *
 * During an update processes of two versions run together: who goes by a changed number does not wait for the older one.
 * Master keys keep the number that they shared with partitions and single sign-on up to 0.1.0, because the key file has
 * no constraint to fall back on. The others have: at worst one of two at the same moment fails on it and is tried again.
 */
export const consoleLocks = {
  /** Bringing the schema up to date. */
  migration: 4_711_000_001,
  /** Changing which master key is active or destroyed, in the key file and on record. */
  masterKeys: 4_711_000_002,
  /** Changing accounts, so that two administrators cannot demote each other. */
  accounts: 4_711_000_003,
  /** Making and dropping partitions of samples. */
  samplePartitions: 4_711_000_004,
  /** Linking or making the account behind a provider's identity. */
  singleSignOn: 4_711_000_005,
  /** Making a signing key and retiring the one before it. */
  signingKeys: 4_711_000_006,
  /** Making the table of schedules say what there is. */
  schedules: 4_711_000_007,
  /** Placing a hold, or a restriction: destroying takes it shared. */
  holds: 4_711_000_012,
  /** Comparing incidents with what channels were told of them. */
  tellings: 4_711_000_013,
  /** Writing redactions into the ledger: two of one event are told once. */
  redactions: 4_711_000_014,
  /** Taking a request in, so that two of one person see each other. */
  requestIntake: 4_711_000_021,
} as const;
