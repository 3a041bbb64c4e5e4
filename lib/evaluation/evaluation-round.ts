import type { Sql } from "postgres";
import type { Check } from "../check.ts";
import { levelOf } from "../db/errors.ts";
import type { Logger } from "../log/log.ts";
import { type CheckSources, createCheckContext } from "./check-context.ts";
import type { Compare, Evaluation } from "./evaluate-check.ts";
import { evaluateTarget } from "./evaluate-target.ts";
import { limitsFrom, patienceFrom, readSetLimits } from "./limits.ts";
import { readLooks } from "./read-looks.ts";
import type { RecordRound } from "./recorded.ts";
import { StateMemory } from "./state-memory.ts";
import { writeStates } from "./write-states.ts";

export interface EvaluatorOptions extends CheckSources {
  sql: Sql;
  checks: readonly Check[];
  logger: Logger;
  /** What else is made of a round in the transaction that writes it: alerts. */
  record?: RecordRound;
  clock?: () => number;
}

/**
 * The round of the duty "checks" on one target: every check is evaluated with the same `now`, and what was found is
 * written, unless the lead was lost meanwhile. What a check cannot do is told when it begins, by itself.
 */
export function evaluationRound(options: EvaluatorOptions): (signal: AbortSignal) => Promise<void> {
  const { sql, checks, logger, record, clock, ...sources } = options;
  const { audit } = sources;
  const told = new Set<string>();
  const memory = new StateMemory();
  const compare: Compare = (check, found) => memory.compare(check, found);
  return async (signal) => {
    const now = clock ? new Date(clock()) : await readClock(sql);
    const set = await readSetLimits(sql, audit.target);
    const limits = limitsFrom(set, audit.target);
    const context = createCheckContext({ ...sources, now, looks: () => readLooks(sql, audit.target) });
    const evaluations = await untilAborted(evaluateTarget(checks, context, limits, compare), signal);
    if (!evaluations || signal.aborted) return;
    for (const evaluation of evaluations) logFailure(evaluation, audit.target, logger, told);
    // Only what changed since is written; whoever begins to lead begins with what stands.
    const recording = record && { record, patience: patienceFrom(set, audit.target) };
    await writeStates(sql, audit.target, evaluations, { recording, memory });
  };
}

/** What work answers; undefined as soon as the signal aborts: a look takes up to 20 s, and a worker that stops 3 s. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const callOff = () => resolve(undefined);
  signal.addEventListener("abort", callOff);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", callOff);
  }
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
