/** How many lines or events came to each outcome. */
export type OutcomeCounts = Record<"stored" | "duplicate" | "quarantined" | "conflict" | "rejected", number>;

/** How far NDJSON has been appended. */
export interface IngestProgress {
  /** What became of every line up to this one is known, and counted. */
  lastLine: number;
  /** The last line that was handed to the database: behind it nothing is stored. */
  begunLine: number;
  counts: OutcomeCounts;
}

export function beginProgress(): IngestProgress {
  return { lastLine: 0, begunLine: 0, counts: countOutcomes([]) };
}

/** How many of each outcome, for a summary. */
export function countOutcomes(outcomes: Iterable<{ outcome: keyof OutcomeCounts }>): OutcomeCounts {
  const counts = { stored: 0, duplicate: 0, quarantined: 0, conflict: 0, rejected: 0 };
  for (const { outcome } of outcomes) counts[outcome]++;
  return counts;
}

/** How many lines are not kept: rejected, or in conflict with what is stored. */
export function countRefused({ rejected, conflict }: OutcomeCounts): number {
  return rejected + conflict;
}

/** What is stored of lines whose append ended early, in words that claim nothing else. */
export function tellProgress({ lastLine, begunLine, counts }: IngestProgress): string {
  const unknown =
    begunLine > lastLine
      ? `What became of lines ${lastLine + 1} to ${begunLine} is not known; nothing behind them is stored.`
      : "";
  if (lastLine === 0) return unknown || "No line is stored.";
  const known =
    countRefused(counts) === 0
      ? `Lines up to ${lastLine} are stored.`
      : `Of the lines up to ${lastLine}, ${tellCounts(counts)}.`;
  return unknown ? `${known} ${unknown}` : known;
}

function tellCounts({ stored, duplicate, quarantined, conflict, rejected }: OutcomeCounts): string {
  const kept = stored + duplicate + quarantined;
  const parts = [kept === 0 ? "none is stored" : `${kept} ${kept === 1 ? "is" : "are"} stored`];
  if (rejected > 0) parts.push(`${rejected} ${rejected === 1 ? "was" : "were"} rejected`);
  if (conflict > 0)
    parts.push(`${conflict} ${conflict === 1 ? "is" : "are"} in conflict with what is stored`);
  return parts.join(", ");
}
