import type { CheckAnswer } from "../check.ts";

/**
 * How old figures may be that move slowly: whoever looks at the page is answered from the last minute, and checks, which
 * judge every 30 s, ask the server only when theirs are older than what they allow themselves.
 */
export const shownMs = 60_000;

/** Ages, settings: from one evaluation in ten on. */
export const judgedMs = 300_000;

/** Catalogue scans: up to 250 ms where 5,000 partitions have indexes of their own. */
export const scannedMs = 600_000;

/**
 * Judges by figures up to `maxAgeMs` old. What is bad by them is looked at anew each minute, so that it goes soon after
 * somebody mended it.
 */
export async function judgeSlow(
  maxAgeMs: number,
  judge: (maxAgeMs: number) => Promise<CheckAnswer>,
): Promise<CheckAnswer> {
  const answer = await judge(maxAgeMs);
  const bad = answer.objects.some(({ state }) => ["notice", "warning", "critical"].includes(state));
  return bad ? judge(shownMs) : answer;
}
