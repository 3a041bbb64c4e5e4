import type { Point } from "../collector/types.ts";

export interface Growth {
  /** Slope of the straight line through the sizes; null until there is enough history. */
  bytesPerDay: number | null;
  /** Time between the first and the last size. */
  spanSeconds: number;
  samples: number;
}

const secondsPerDay = 86_400;
export const minimumSpanSeconds = 3_600;
const minimumSamples = 6;

/** Least-squares growth of a size over time. An hour and six sizes are the least it draws a line through. */
export function estimateGrowth(points: readonly Point[]): Growth {
  const known = points.filter((point): point is [number, number] => point[1] !== null);
  const first = known[0];
  const last = known.at(-1);
  const spanSeconds = first && last ? (last[0] - first[0]) / 1_000 : 0;
  if (!first || known.length < minimumSamples || spanSeconds < minimumSpanSeconds)
    return { bytesPerDay: null, spanSeconds, samples: known.length };

  // Relative to the first point: squares of epoch milliseconds lose the digits that matter.
  const days = known.map(([at]) => (at - first[0]) / 1_000 / secondsPerDay);
  const sizes = known.map(([, bytes]) => bytes - first[1]);
  const meanDay = mean(days);
  const meanSize = mean(sizes);
  let covariance = 0;
  let variance = 0;
  for (const [index, day] of days.entries()) {
    covariance += (day - meanDay) * ((sizes[index] ?? 0) - meanSize);
    variance += (day - meanDay) ** 2;
  }
  return { bytesPerDay: covariance / variance, spanSeconds, samples: known.length };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
