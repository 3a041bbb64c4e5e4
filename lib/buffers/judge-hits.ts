import { durationInWords, type Finding, percentRoundedDown } from "../finding.ts";
import { bufferThresholds } from "./thresholds.ts";

/** Share of blocks found in shared_buffers, when enough were asked for to mean something. */
export function judgeHits(
  counts: Readonly<Record<string, number>>,
  { hitShare } = bufferThresholds,
): Finding[] {
  const hits = counts["database.blksHit"] ?? 0;
  const all = hits + (counts["database.blksRead"] ?? 0);
  if (all < hitShare.minBlocks || hits / all >= hitShare.warning) return [];
  const within = durationInWords(hitShare.windowSeconds);
  return [
    {
      check: "caches.bufferHits",
      severity: hits / all < hitShare.critical ? "critical" : "warning",
      title: `Only ${percentRoundedDown(hits / all)} of blocks were found in shared_buffers in the last ${within}.`,
      detail:
        "The rest came from the system's cache or from disk. See which tables read most: a query may scan more than it needs, or shared_buffers may be small for what is used.",
      path: "caches",
    },
  ];
}
