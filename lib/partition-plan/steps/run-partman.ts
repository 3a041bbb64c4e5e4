import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified, quoteText } from "../../quote-sql.ts";
import { sqlStateOf } from "../../sql-state.ts";
import { defineStep, StepHeldUp } from "../define-step.ts";

export interface RunPartman {
  table: TableName;
  /** Where pg_partman stands. */
  schema: string;
  /** As its configuration has the table. */
  parentTable: string;
  /** Whether it keeps when it ran last. */
  tellsLastRun: boolean;
  /** The server's clock when it was planned, ISO: a run after it is the one that was wanted. */
  since: string;
}

/** The number that pg_partman itself takes, and without which it ends at once and says nothing. */
const itsLock = "pg_try_advisory_xact_lock(hashtext('pg_partman run_maintenance'))";

/** pg_partman's own maintenance, for one table: what is made, named and copied is its business. */
export const runPartmanStep = defineStep<RunPartman>({
  kind: "runPartman",
  plan(params) {
    const relation = quoteQualified(params.table.schema, params.table.name);
    return {
      words: `Run pg_partman's maintenance for ${relation}`,
      sql: statementsOf(params),
      locks: [{ relation, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" }],
      scans: null,
      moves: null,
    };
  },
  async look(sql, { schema, parentTable, tellsLastRun, since }) {
    const [row] = await sql<{ ran: boolean | null }[]>`
      select ${tellsLastRun ? sql`maintenance_last_run > ${since}::timestamptz` : sql`false`} as ran
      from ${sql(schema)}.part_config where parent_table = ${parentTable}`;
    if (!row) return "missing";
    return row.ran ? "done" : "not done";
  },
  async run({ session, lockTimeoutMs }, params) {
    await session.sql.begin(async (tx) => {
      // Taken first, where a timeout is still told as one: pg_partman wraps what it meets in an exception of its own.
      await tx.unsafe(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
      const [lock, maintenance] = statementsOf(params);
      await tx.unsafe(lock ?? "");
      const [own] = await tx.unsafe<{ taken: boolean }[]>(`SELECT ${itsLock} AS taken`);
      if (!own?.taken) throw new StepHeldUp("pg_partman's maintenance runs in another session already.");
      await tx.unsafe(maintenance ?? "").catch((thrown: unknown) => {
        throw unwrapped(thrown);
      });
    });
  },
});

/** What it met of other work, which a later attempt may not meet: told by the words alone, since its own state is P0001. */
function unwrapped(thrown: unknown): unknown {
  if (sqlStateOf(thrown) !== "P0001" || !(thrown instanceof Error)) return thrown;
  const code = wrapped.find(([words]) => thrown.message.startsWith(words))?.[1];
  if (code === undefined) return thrown;
  return Object.assign(new Error(thrown.message, { cause: thrown }), { name: "PostgresError", code });
}

const wrapped = [
  ["canceling statement due to lock timeout", "55P03"],
  ["deadlock detected", "40P01"],
] as const;

function statementsOf({ table, schema, parentTable }: RunPartman): string[] {
  return [
    `LOCK TABLE ${quoteQualified(table.schema, table.name)} IN SHARE UPDATE EXCLUSIVE MODE`,
    `SELECT ${quoteQualified(schema, "run_maintenance")}(${quoteText(parentTable)})`,
  ];
}

/** The server's clock. */
export async function serverNow(sql: Sql): Promise<string> {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
  return (row?.now ?? new Date()).toISOString();
}
