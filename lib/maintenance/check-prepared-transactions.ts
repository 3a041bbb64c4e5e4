import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { quoteText } from "../quote-sql.ts";
import { durationInWords } from "../words.ts";
import { getPreparedTransactions } from "./get-prepared-transactions.ts";

async function judgePrepared(audit: AuditDb, now: Date, limitsFor: LimitsFor): Promise<CheckAnswer> {
  const { data, observedAt } = await getPreparedTransactions(audit);
  if (data.length === 0) {
    const words = {
      title: "No prepared transaction is open.",
      detail: "None of two phases waits for its end.",
    };
    return answerOf(
      [{ object: { kind: "target" }, state: "ok", value: 0, threshold: null, since: null, words }],
      { observedAt },
    );
  }
  return answerOf(
    data.map(({ id, prepared, owner, database }): ObjectState => {
      const object = { kind: "prepared_transaction", name: id } as const;
      const seconds = Math.max(0, (now.getTime() - prepared.getTime()) / 1_000);
      const threshold = limitsFor(object);
      return {
        object,
        state: stateAt(seconds, threshold),
        value: seconds,
        threshold,
        since: prepared,
        words: {
          title: `Prepared transaction ${id} in ${database} by ${owner} has been open for ${durationInWords(seconds)}.`,
          detail: `It keeps its locks, and vacuum keeps every row that died since; a restart does not end it. Ask whoever runs the transaction manager what became of it; then, connected to ${database} as ${owner} or a superuser: COMMIT PREPARED ${quoteText(id)}; or ROLLBACK PREPARED ${quoteText(id)};`,
        },
      };
    }),
    { observedAt },
  );
}

export const preparedTransaction = defineCheck({
  id: "maintenance.prepared_transaction",
  source: "pg_prepared_xacts",
  why: "A transaction manager takes seconds between its two phases; 5 min are one that died, 15 min hold vacuum back.",
  title: "Old prepared transactions",
  unit: "seconds",
  path: "maintenance",
  needs: "Nothing beyond a connection.",
  thresholds: { warning: 300, critical: 900, direction: "rising" },
  runbook:
    "A transaction manager prepared a transaction and did not come back. It holds its locks and the vacuum horizon until somebody ends it, across restarts. Ask the manager's log whether the other participants committed: if they did, COMMIT PREPARED, otherwise ROLLBACK PREPARED, connected to its database as its owner or a superuser. Where nothing should use two phases, set max_prepared_transactions = 0 afterwards.",
  evaluate: ({ audit, now }, limitsFor) => judgePrepared(audit, now, limitsFor),
});
