/** One partition's share of a hash: it takes the rows whose hash leaves `remainder` when divided by `modulus`. */
export interface HashBounds {
  modulus: number;
  remainder: number;
}

export interface HashCoverage {
  /** Share of all rows that a partition takes, 0–1. */
  covered: number;
  /** The least modulus in which the gaps can be named: the largest there is, as each divides the next. */
  modulus: number;
  /** The first ten remainders of that modulus which no partition takes. */
  missing: number[];
}

/** Beyond it remainders are not listed one by one. */
const largestModulus = 100_000;

/** Which rows a set of hash partitions takes. The server lets none overlap. */
export function coverHash(partitions: readonly HashBounds[]): HashCoverage {
  const modulus = Math.max(1, ...partitions.map((partition) => partition.modulus));
  // In parts of the largest modulus, so that thirds add up to exactly one.
  const parts = partitions.reduce((sum, partition) => sum + modulus / partition.modulus, 0);
  if (parts >= modulus || modulus > largestModulus) return { covered: parts / modulus, modulus, missing: [] };
  const taken = new Set<number>();
  for (const partition of partitions)
    for (let each = partition.remainder; each < modulus; each += partition.modulus) taken.add(each);
  const missing: number[] = [];
  for (let each = 0; each < modulus && missing.length < 10; each += 1)
    if (!taken.has(each)) missing.push(each);
  return { covered: parts / modulus, modulus, missing };
}
