import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { percentRoundedDown } from "../words.ts";
import { getLockTable, type LockTable } from "./get-lock-table.ts";

/** How full the shared table of locks is: past its end every statement that needs another fails. */
export const lockTable = defineCheck({
  id: "connections.lock_table",
  title: "Lock table",
  source: "pg_locks, max_locks_per_transaction",
  why: "A statement over a thousand partitions without a bound on time takes 6,000 locks; at 20 % some do, at 50 % two more of them end in “out of shared memory”. Read every two minutes.",
  keepFiringFor: 300,
  unit: "ratio",
  path: "connections",
  runbook:
    "The server keeps locks in a table of fixed size, max_locks_per_transaction × (max_connections and its other processes). Past its end statements fail with “out of shared memory”. See which sessions hold many: SELECT pid, count(*) FROM pg_locks WHERE NOT fastpath GROUP BY 1 ORDER BY 2 DESC. Usual are queries over all partitions, because their bounds are now() and not values, a dump, and DROP of many tables in one transaction. Raising max_locks_per_transaction takes a restart and little memory.",
  needs: "Nothing beyond a connection.",
  thresholds: { warning: 0.2, critical: 0.5, direction: "rising" },
  async evaluate({ audit }, limitsFor) {
    const { data, observedAt } = await getLockTable(audit);
    return { objects: [judgeLockTable(data, limitsFor({ kind: "target" }))], complete: true, observedAt };
  },
});

function judgeLockTable({ locks, capacity, perTransaction }: LockTable, threshold: Limits): ObjectState {
  const value = locks / capacity;
  return {
    object: { kind: "target" },
    state: stateAt(value, threshold),
    value,
    threshold,
    since: null,
    words: {
      title: `${locks.toLocaleString("en-US")} locks fill ${percentRoundedDown(value)} of the lock table.`,
      detail: `Past its end statements fail with “out of shared memory”. See which sessions hold many, or raise max_locks_per_transaction (${perTransaction}; a restart).`,
    },
  };
}
