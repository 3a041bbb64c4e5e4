import type { Check, CheckAnswer, CheckContext, LimitsFor, ObjectState } from "../check.ts";
import { AppError, type ErrorCode, toAppError } from "../errors.ts";
import { objectKeys } from "./object-keys.ts";
import type { Compared } from "./state-memory.ts";

/** Longer than the longest statement and the wait for its connection together. */
const patienceMs = 20_000;

/** Why a check could not be evaluated, as it is stored and told. */
export interface EvaluationError {
  code: ErrorCode;
  message: string;
  hint?: string;
}

/** One look of one check at one target. */
export interface Evaluation {
  check: Check;
  evaluatedAt: Date;
  tookMs: number;
  /** Null when the look failed: its objects keep their last states then. */
  answer: CheckAnswer | null;
  /** The answer beside what the leading evaluator wrote. */
  compared?: Compared;
  error: EvaluationError | null;
  /** It was not asked, because the target is down. */
  skipped?: true;
  /** What was thrown, also where that concerns single objects of an answer. For the log. */
  thrown?: unknown;
}

/** Evaluates one check on one target. Never throws, and takes no longer than 20 s. */
export async function evaluateCheck(
  check: Check,
  context: CheckContext,
  limitsFor: LimitsFor,
  compare: Compare = (check, objects) => ({ keys: objectKeys(check, objects) }),
): Promise<Evaluation> {
  const began = performance.now();
  const { timeout, callOff } = overdue();
  const result = (answer: CheckAnswer | null, thrown?: unknown): Evaluation => ({
    check,
    evaluatedAt: context.now,
    tookMs: Math.round(performance.now() - began),
    answer,
    error: answer ? null : describe(thrown),
    ...(thrown !== undefined && { thrown }),
  });
  try {
    const looking = look(check, context, limitsFor);
    looking.catch(() => {});
    const answer = await Promise.race([looking, timeout]);
    const compared = compare(check, answer.objects);
    return { ...result(answer, answer.thrown), compared };
  } catch (thrown) {
    return result(null, thrown);
  } finally {
    callOff();
  }
}

/** @throws Error as `objectKeys` does */
export type Compare = (check: Check, objects: readonly ObjectState[]) => Compared;

/** The evaluation of a check that is not asked, and why. */
export function skipCheck(check: Check, now: Date, why: AppError): Evaluation {
  return { check, evaluatedAt: now, tookMs: 0, answer: null, error: describe(why), skipped: true };
}

/** A check that throws before it waits for anything fails like any other. */
async function look(check: Check, context: CheckContext, limitsFor: LimitsFor): Promise<CheckAnswer> {
  return check.evaluate(context, limitsFor);
}

/** Rejects after 20 s, unless it is called off. */
function overdue(): { timeout: Promise<never>; callOff(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new AppError("TIMEOUT", `The check did not answer within ${patienceMs / 1_000} s.`)),
    patienceMs,
  );
  timer.unref();
  return { timeout: promise, callOff: () => clearTimeout(timer) };
}

function describe(thrown: unknown): EvaluationError {
  const { code, message, hint } = toAppError(thrown);
  return { code, message, ...(hint && { hint }) };
}
