import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type LimitsFor, stateAt } from "../check.ts";
import { percentRoundedDown } from "../words.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { getDatabaseAges } from "./get-database-ages.ts";

async function judgeFreezing(audit: AuditDb, maxAgeMs: number, limitsFor: LimitsFor): Promise<CheckAnswer> {
  const { data, observedAt } = await getDatabaseAges(audit, maxAgeMs);
  const objects = data.flatMap(({ name, freezeShare: value, transactions, multixacts }) => {
    if (name === null || value === null) return [];
    const object = { kind: "database", name } as const;
    const threshold = limitsFor(object);
    const state = stateAt(value, threshold);
    const ages = `${(transactions ?? 0).toLocaleString("en-US")} transactions, ${(multixacts ?? 0).toLocaleString("en-US")} multixacts`;
    return [
      {
        object,
        state,
        value,
        threshold,
        since: null,
        words: {
          title: `The oldest row of ${name} is at ${percentRoundedDown(value)} of the age at which autovacuum freezes it (${ages}).`,
          detail:
            state === "ok"
              ? "Up to 100 % it is frozen in the ordinary course of things."
              : `Autovacuum should be freezing it and does not come to an end. See what holds it back, then connect to ${name} and run VACUUM (FREEZE, VERBOSE) on its oldest tables.`,
        },
      },
    ];
  });
  return answerOf(objects, { observedAt });
}

export const freezeOverdue = defineCheck({
  id: "maintenance.freeze_overdue",
  title: "Freezing overdue",
  source: "pg_database.datfrozenxid, datminmxid, autovacuum_freeze_max_age",
  why: "At 100 % autovacuum freezes whatever else is set, which takes minutes to hours; at 110 % it has not finished, at 125 % it does not get anywhere. Ids run out at about 1,000 %, so there is time.",
  unit: "ratio",
  path: "maintenance",
  needs: "Nothing beyond a connection.",
  thresholds: { warning: 1.1, critical: 1.25, direction: "rising" },
  runbook:
    "Autovacuum freezes a table by force once it is this old, even where it is turned off, and has not managed to. See whether it runs (pg_stat_progress_vacuum) and is only slow: raise autovacuum_vacuum_cost_limit. Else see what holds the horizon (Horizon held back), whether it fails on a table each time (the server's log; an index that is broken), or whether nobody can connect to the database. Then VACUUM (FREEZE) the tables with the oldest relfrozenxid.",
  evaluate: ({ audit }, limitsFor) =>
    judgeSlow(judgedMs, (maxAgeMs) => judgeFreezing(audit, maxAgeMs, limitsFor)),
});
