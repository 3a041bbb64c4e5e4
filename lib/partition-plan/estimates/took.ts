/** What a step's time grows with: rows that move, bytes that are read, else the step itself. */
export interface Effort {
  unit: "rows" | "bytes" | "steps";
  /** Null while unknown. */
  amount: number | null;
}

/** What a step took that was carried out, without waits for others. */
export interface Took {
  kind: string;
  unit: Effort["unit"];
  amount: number;
  seconds: number;
}

export interface Estimate {
  seconds: number;
  /** Where it comes from, in words: "from 3 runs here". */
  from: string;
}

/** Of an amount this many times smaller nothing is learned: fixed costs would be taken for the rate. */
const leastShare = 1 / 50;

/** From steps of the kind that were carried out on this server, of a like amount or a larger one; null where there is none. */
export function estimateFromRuns(
  took: readonly Took[],
  kind: string,
  { unit, amount }: Effort,
): Estimate | null {
  if (amount === null) return null;
  const like = took.filter(
    (one) => one.kind === kind && one.unit === unit && one.amount > 0 && one.amount >= amount * leastShare,
  );
  const sum = (of: (one: Took) => number) => like.reduce((total, one) => total + of(one), 0);
  if (like.length === 0) return null;
  const seconds = (amount * sum((one) => one.seconds)) / sum((one) => one.amount);
  return { seconds, from: like.length === 1 ? "from 1 run here" : `from ${like.length} runs here` };
}
