import type { Check } from "../check.ts";
import { checksumFailures } from "./check-checksums.ts";
import { duplicateIndex } from "./check-duplicate-indexes.ts";
import { freezeOverdue } from "./check-freeze-overdue.ts";
import { horizonHeld } from "./check-horizon.ts";
import { invalidIndex } from "./check-invalid-indexes.ts";
import { pendingRestart } from "./check-pending-restart.ts";
import { preparedTransaction } from "./check-prepared-transactions.ts";
import { replicationRole } from "./check-replication-role.ts";
import { sequenceUsed } from "./check-sequences.ts";
import { autovacuumOff, fsyncOff, fullPageWritesOff, trackCountsOff } from "./check-settings-off.ts";
import { deadRows, staleStatistics } from "./check-table-upkeep.ts";
import { multixactAge, transactionIdAge } from "./check-transaction-ages.ts";

/** What a server needs done by hand, and shows nowhere until it is late. */
export const maintenanceChecks: readonly Check[] = [
  transactionIdAge,
  multixactAge,
  freezeOverdue,
  horizonHeld,
  deadRows,
  staleStatistics,
  autovacuumOff,
  fsyncOff,
  fullPageWritesOff,
  trackCountsOff,
  replicationRole,
  invalidIndex,
  duplicateIndex,
  sequenceUsed,
  preparedTransaction,
  pendingRestart,
  checksumFailures,
];
