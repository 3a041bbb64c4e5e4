import type { Check } from "../check.ts";
import { blockedSessions, blockers } from "./check-blockers.ts";
import { idleInTransaction } from "./check-idle-in-transaction.ts";
import { longQuery } from "./check-long-query.ts";
import { poolerPoolWaits } from "./check-pooler-pool.ts";
import { usedConnections } from "./check-used.ts";

export const connectionsChecks: readonly Check[] = [
  usedConnections,
  idleInTransaction,
  longQuery,
  blockers,
  blockedSessions,
  poolerPoolWaits,
];
