import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type LimitsFor, stateAt } from "../check.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { percentRoundedDown } from "../words.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { agesAtMost, type DatabaseAge, getDatabaseAges } from "./get-database-ages.ts";

interface Kind {
  counter: "transactions" | "multixacts";
  share: "transactionShare" | "multixactShare";
  ids: string;
  /** Of a relation, for the statement that lists the oldest. */
  age: string;
  freezeSetting: string;
}

const transactions: Kind = {
  counter: "transactions",
  share: "transactionShare",
  ids: "transaction ids",
  age: "age(relfrozenxid)",
  freezeSetting: "autovacuum_freeze_max_age",
};
const multixacts: Kind = {
  counter: "multixacts",
  share: "multixactShare",
  ids: "multixact ids",
  age: "mxid_age(relminmxid)",
  freezeSetting: "autovacuum_multixact_freeze_max_age",
};

async function judgeAges(
  audit: AuditDb,
  maxAgeMs: number,
  kind: Kind,
  limitsFor: LimitsFor,
): Promise<CheckAnswer> {
  const { data, observedAt } = await getDatabaseAges(audit, maxAgeMs);
  return answerOf(
    data.filter(hasAge).map((database) => {
      const object = { kind: "database", name: database.name } as const;
      const age = database[kind.counter];
      const value = database[kind.share];
      const threshold = limitsFor(object);
      const state = stateAt(value, threshold);
      return {
        object,
        state,
        value,
        threshold,
        since: null,
        words: {
          title: `Database ${database.name} has used ${percentRoundedDown(value)} of its ${kind.ids} (${age.toLocaleString("en-US")} of ${agesAtMost.toLocaleString("en-US")} since its oldest row was frozen).`,
          detail:
            state === "ok"
              ? `Autovacuum freezes old rows from ${kind.freezeSetting} on.`
              : `At 100 % the server refuses every write that needs a new one. Autovacuum should have frozen its tables from ${kind.freezeSetting} on: end what holds it back first (long transactions, prepared transactions, replication slots, a standby's feedback). ${remedy(database, kind)}`,
        },
      };
    }),
    { observedAt },
  );
}

type Aged = { [K in keyof DatabaseAge]: NonNullable<DatabaseAge[K]> };

/** What all databases share has none of its own. */
function hasAge(
  database: DatabaseAge,
): database is DatabaseAge & Pick<Aged, "name" | Kind["counter"] | Kind["share"]> {
  return database.name !== null;
}

function remedy({ name, allowsConnections }: Pick<Aged, "name" | "allowsConnections">, kind: Kind): string {
  const open = (allowed: boolean) => `ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS ${allowed};`;
  const freeze = `connect to ${name} and run VACUUM (FREEZE, VERBOSE); the oldest tables: SELECT oid::regclass, ${kind.age} FROM pg_class WHERE relkind IN ('r', 'm', 't') ORDER BY 2 DESC LIMIT 10;`;
  return allowsConnections
    ? `Then ${freeze}`
    : `It refuses connections: ${open(true)} Then ${freeze} At the end ${open(false)}`;
}

const shared = {
  unit: "ratio",
  path: "maintenance",
  needs: "Nothing beyond a connection.",
  thresholds: { warning: 0.5, critical: 0.8, direction: "rising" },
} as const;

export const transactionIdAge = defineCheck({
  ...shared,
  id: "maintenance.transaction_id_age",
  source: "pg_database.datfrozenxid",
  why: "Autovacuum freezes from 200 million on (10 %); at 50 % it has failed for long, at 80 % weeks are left on a busy server.",
  title: "Transaction ids used",
  runbook:
    "A database whose oldest row has not been frozen for 2.1 billion transactions stops the whole server: every write is refused until it is vacuumed. Find what holds the horizon (pg_stat_activity.backend_xmin, pg_prepared_xacts, pg_replication_slots.xmin and catalog_xmin, a standby with hot_standby_feedback) and end it, then run VACUUM (FREEZE) on the tables with the oldest relfrozenxid, the largest ages first. Raise autovacuum_vacuum_cost_limit while it runs; do not stop the server to vacuum in single-user mode.",
  evaluate: ({ audit }, limitsFor) =>
    judgeSlow(judgedMs, (maxAgeMs) => judgeAges(audit, maxAgeMs, transactions, limitsFor)),
});

export const multixactAge = defineCheck({
  ...shared,
  id: "maintenance.multixact_age",
  source: "pg_database.datminmxid",
  why: "As for transaction ids: autovacuum freezes from 400 million on (19 %).",
  title: "Multixact ids used",
  runbook:
    "Rows that several transactions lock at once (foreign keys, SELECT … FOR SHARE) take multixact ids, which run out as transaction ids do. End the transactions that hold the horizon, then run VACUUM (FREEZE) on the tables with the largest mxid_age(relminmxid). If it fills again within days, look for the statements that lock the same rows together.",
  evaluate: ({ audit }, limitsFor) =>
    judgeSlow(judgedMs, (maxAgeMs) => judgeAges(audit, maxAgeMs, multixacts, limitsFor)),
});
