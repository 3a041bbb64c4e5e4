import type { StepLock } from "./types.ts";

type Mode = StepLock["mode"];

/** Of the weakest to the strongest, as pg_locks names them. Source: PostgreSQL's table of conflicting lock modes. */
const asPgLocks = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
] as const;

const conflicting: Record<Mode, readonly string[]> = {
  "ACCESS SHARE": asPgLocks.slice(7),
  "SHARE UPDATE EXCLUSIVE": asPgLocks.slice(3),
  SHARE: ["RowExclusiveLock", "ShareUpdateExclusiveLock", ...asPgLocks.slice(5)],
  "SHARE ROW EXCLUSIVE": asPgLocks.slice(2),
  "ACCESS EXCLUSIVE": asPgLocks,
};

/** The modes of pg_locks that one would wait for. */
export const conflictsOf = (mode: Mode): readonly string[] => conflicting[mode];

/** Who waits while it is held. */
export const stops: Record<Mode, StepLock["stops"]> = {
  "ACCESS SHARE": "other changes of structure",
  "SHARE UPDATE EXCLUSIVE": "other changes of structure",
  SHARE: "writes",
  "SHARE ROW EXCLUSIVE": "writes",
  "ACCESS EXCLUSIVE": "reads and writes",
};
