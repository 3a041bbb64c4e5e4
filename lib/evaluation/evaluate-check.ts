import { type Check, type CheckAnswer, type CheckContext, type LimitsFor, objectKey } from "../check.ts";
import { AppError, type ErrorCode, toAppError } from "../errors.ts";

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
  /** Of the answer's objects, in their order; see `keysOf`. */
  keys?: readonly string[];
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
    const keys = answer.objects.map(({ object }) => objectKey(object));
    refuseTwins(check, keys);
    return { ...result(answer, answer.thrown), keys };
  } catch (thrown) {
    return result(null, thrown);
  } finally {
    callOff();
  }
}

/** The keys of the objects of its answer. */
export function keysOf({ keys, answer }: Evaluation): readonly string[] {
  return keys ?? answer?.objects.map(({ object }) => objectKey(object)) ?? [];
}

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

/** Two states of one object are none. */
function refuseTwins(check: Check, keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw new Error(`${check.id} judges an object twice`);
}

function describe(thrown: unknown): EvaluationError {
  const { code, message, hint } = toAppError(thrown);
  return { code, message, ...(hint && { hint }) };
}
