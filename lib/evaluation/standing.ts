import { type Check, type ObjectState, objectKey } from "../check.ts";
import type { Evaluation, EvaluationError } from "./evaluate-check.ts";
import type { StoredState } from "./read-states.ts";

/** How an object stands; `lastSeenAt` is set when that is only its last known state. */
export type Standing = ObjectState & { lastSeenAt?: Date };

/** How all objects of a check stand on a target. */
export interface CheckStanding {
  check: Check;
  objects: readonly Standing[];
  /** Why it could not be evaluated just now. */
  error: EvaluationError | null;
}

/**
 * An evaluation beside what the leading evaluator wrote: `since` is taken from there where object and state agree (else
 * it is what the server says), and what the evaluation could not look at keeps its last state.
 */
export function standingOf(
  evaluations: readonly Evaluation[],
  stored: readonly StoredState[],
): CheckStanding[] {
  const byCheck = Map.groupBy(stored, ({ checkId }) => checkId);
  return evaluations.map(({ check, answer, error }) => {
    const before = byCheck.get(check.id) ?? [];
    const known = new Map(before.map((state) => [state.objectKey, state]));
    const objects = (answer?.objects ?? []).map((object): Standing => {
      const last = known.get(objectKey(object.object));
      return last?.state === object.state ? { ...object, since: last.since } : object;
    });
    if (answer?.complete) return { check, objects, error };
    const named = new Set(objects.map(({ object }) => objectKey(object)));
    const unseen = before.filter(({ objectKey }) => !named.has(objectKey)).map(lastKnown);
    return { check, objects: [...objects, ...unseen], error };
  });
}

function lastKnown(stored: StoredState): Standing {
  const { object, state, value, threshold, since, words, path, unavailable, evaluatedAt } = stored;
  return {
    ...{ object, state, value, threshold, since, words, path, lastSeenAt: evaluatedAt },
    ...(unavailable && { unavailable }),
  };
}
