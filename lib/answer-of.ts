import type { CheckAnswer, CheckState, ObjectState } from "./check.ts";

const rank: Record<CheckState, number> = {
  critical: 0,
  warning: 1,
  error: 2,
  unavailable: 3,
  no_data: 4,
  notice: 5,
  ok: 6,
};

/** States a check writes at most: a server of 5,000 partitions has 30,000 indexes, and each state is a row. */
export const mostObjects = 200;

/**
 * The answer of a check that looked at everything: the worst objects first, in the order given among equals. Those that
 * are cut off as `ok` are known to be normal; where others are cut off, the answer is not complete.
 * @param of `observedAt`: of figures that may be older than the evaluation
 */
export function answerOf(
  objects: readonly ObjectState[],
  { most = mostObjects, observedAt }: { most?: number; observedAt?: Date } = {},
): CheckAnswer {
  const sorted = objects.toSorted((a, b) => rank[a.state] - rank[b.state]);
  const next = sorted[most];
  const complete = next === undefined || next.state === "ok";
  return { objects: sorted.slice(0, most), complete, ...(observedAt && { observedAt }) };
}

/** The connected database as a whole, where a condition was looked for and not found. */
export function noneFound(database: string, title: string, detail: string): ObjectState {
  return {
    object: { kind: "database", name: database },
    state: "ok",
    value: null,
    threshold: null,
    since: null,
    words: { title, detail },
  };
}
