import type { PartitionLane } from "@/lib/partitions/types.ts";
import { laneLabel } from "./partition-words.ts";

/** Small print of the strip: how an axis was read, what could not be counted or judged. */
export function LaneFindings({ lanes }: { lanes: readonly PartitionLane[] }) {
  const notes = lanes.flatMap((lane) => {
    const name = laneLabel(lane.label);
    const { unavailable, rows } = lane.defaultPartition ?? {};
    const unjudged = lane.gapsUnjudged ? "Gaps and runway are" : "Runway is";
    return [
      ...(lane.runwayUnjudged ? [`${name}: ${unjudged} not judged, because ${lane.runwayUnjudged}.`] : []),
      ...(lane.axisNote ? [`${name}: ${lane.axisNote}`] : []),
      ...(unavailable && rows === null
        ? [
            `${name}: ${unavailable.reason}${unavailable.enable ? ` To count them: ${unavailable.enable}` : ""}`,
          ]
        : []),
      ...(lane.unknownBounds > 0
        ? [
            `${name}: a lock hides the bounds of ${lane.unknownBounds} ${lane.unknownBounds === 1 ? "partition" : "partitions"}, so gaps and runway are not judged.`,
          ]
        : []),
    ];
  });
  if (notes.length === 0) return null;
  return (
    <ul className="grid gap-0.5 text-xs text-muted">
      {[...new Set(notes)].map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
