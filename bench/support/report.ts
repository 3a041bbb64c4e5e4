/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A step of a benchmark, on standard error so that standard output ends with the verdict. */
export function step(text: string): void {
  console.error(text);
}

/** Prints the closing line every benchmark ends with. */
export function report(verdict: {
  name: string;
  ratio: number;
  aim: string;
  ours: string;
  other: string;
}): void {
  const { name, ratio, aim, ours, other } = verdict;
  console.log(`${name} ratio ${ratio.toFixed(2)} aim ${aim} (ours ${ours}, other ${other})`);
}
