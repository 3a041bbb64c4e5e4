import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import type { Check, CheckContext } from "../check.ts";
import type { History, InstanceReport } from "../collector/types.ts";
import { levelOf } from "../db/errors.ts";
import type { Logger } from "../log/log.ts";
import { createCheckContext } from "./check-context.ts";
import type { Evaluation } from "./evaluate-check.ts";
import { evaluateTarget } from "./evaluate-target.ts";
import { limitsFrom, readSetLimits } from "./limits.ts";
import { writeStates } from "./write-states.ts";

export interface EvaluatorOptions {
  sql: Sql;
  audit: AuditDb;
  checks: readonly Check[];
  history: History;
  instances(): Promise<InstanceReport[]>;
  upkeep: CheckContext["upkeep"];
  logger: Logger;
  clock?: () => number;
}

/**
 * The round of the duty "checks" on one target: every check is evaluated with the same `now`, and what was found is
 * written, unless the lead was lost meanwhile. What a check cannot do is told when it begins, by itself.
 */
export function evaluationRound(options: EvaluatorOptions): (signal: AbortSignal) => Promise<void> {
  const { sql, audit, checks, history, instances, upkeep, logger, clock } = options;
  const told = new Set<string>();
  return async (signal) => {
    const now = clock ? new Date(clock()) : await readClock(sql);
    const limits = limitsFrom(await readSetLimits(sql, audit.target), audit.target);
    const context = createCheckContext({ audit, history, instances, upkeep, now });
    const evaluations = await evaluateTarget(checks, context, limits);
    if (signal.aborted) return;
    for (const evaluation of evaluations) logFailure(evaluation, audit.target, logger, told);
    await writeStates(sql, audit.target, evaluations);
  };
}

/**
 * The console database's: workers whose clocks differ write after one another, and none is taken for one that woke up
 * late.
 */
async function readClock(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
  return row?.now ?? new Date();
}

/** Once when a check begins to fail; what a target that is down costs is told elsewhere. */
function logFailure(evaluation: Evaluation, target: string, logger: Logger, told: Set<string>): void {
  const { check, answer, thrown } = evaluation;
  if (thrown === undefined) {
    told.delete(check.id);
    return;
  }
  if (told.has(check.id)) return;
  told.add(check.id);
  const what = answer ? "a check could not judge every object" : "a check could not be evaluated";
  logger[levelOf(thrown)]({ err: thrown, target, check: check.id }, what);
}
