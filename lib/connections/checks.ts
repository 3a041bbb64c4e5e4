import type { Check } from "../check.ts";
import { blockedSessions, blockers } from "./check-blockers.ts";
import { idleInTransaction } from "./check-idle-in-transaction.ts";
import { lockTable } from "./check-lock-table.ts";
import { lockWaits } from "./check-lock-waits.ts";
import { longQuery } from "./check-long-query.ts";
import { poolWaiting } from "./check-pool-waiting.ts";
import { poolerPoolWaits } from "./check-pooler-pool.ts";
import { usedConnections } from "./check-used.ts";

export const connectionsChecks: readonly Check[] = [
  usedConnections,
  idleInTransaction,
  longQuery,
  blockers,
  blockedSessions,
  lockWaits,
  lockTable,
  poolWaiting,
  poolerPoolWaits,
];
