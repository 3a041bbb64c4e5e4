import { type CheckAnswer, type Limits, type ObjectState, worstOf } from "../check.ts";
import { counted, durationInWords } from "../words.ts";
import { type StatementDay, sampledSeconds } from "./read-day.ts";
import type { TopQuery } from "./top-query.ts";

/** Statements answered for, what is bad before what is not, and the costliest first. */
const maxStatements = 100;
const gravity = ["critical", "warning"];

/** @param states the costliest statement first */
export function worstStatements(states: readonly ObjectState[]): CheckAnswer {
  const rank = ({ state }: ObjectState) =>
    (gravity.indexOf(state) + gravity.length + 1) % (gravity.length + 1);
  const worst = states.toSorted((a, b) => rank(a) - rank(b)).slice(0, maxStatements);
  return worstOf(worst, maxStatements);
}

/** How a check says how a statement stands. */
export function statementState(
  query: TopQuery,
  day: StatementDay,
  judged: { state: ObjectState["state"]; value: number; threshold: Limits; title: string; advice: string },
): ObjectState {
  const { state, value, threshold, title, advice } = judged;
  const text = query.text && query.text.length > 80 ? `${query.text.slice(0, 79)}…` : query.text;
  const calls = counted(Math.round(query.values.calls ?? 0), "call");
  return {
    object: { kind: "statement", name: query.key },
    ...{ state, value, threshold, since: null },
    words: {
      title,
      detail: `${text ?? "Its text is not known"}: ${calls} in ${durationInWords(sampledSeconds(day))}${query.user ? ` by ${query.user}` : ""}. ${advice}`,
    },
    path: `queries/${encodeURIComponent(query.key)}`,
  };
}
