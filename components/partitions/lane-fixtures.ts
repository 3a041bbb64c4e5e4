import type { PartitionCell, PartitionLane } from "@/lib/partitions/types.ts";

/** Lanes and cells for unit tests of the drawing. */
let oid = 0;
export function cell(
  from: string | null,
  to: string | null,
  more: Partial<PartitionCell> = {},
): PartitionCell {
  oid += 1;
  return {
    name: `p${oid}`,
    schema: "public",
    oid,
    bounds: "FROM … TO …",
    from,
    to,
    bytes: 8_192,
    bytesFrom: "measured",
    rowsEstimated: 1,
    deadRows: 0,
    lastVacuum: null,
    lastAnalyze: null,
    isDefault: false,
    detachPending: false,
    leaves: 1,
    lockedBy: null,
    ...more,
  };
}

export function lane(cells: PartitionCell[], more: Partial<PartitionLane> = {}): PartitionLane {
  return {
    key: "public.t",
    label: "t",
    schema: "public",
    name: "t",
    oid: 1,
    strategy: "range",
    partitionKey: "RANGE (at)",
    axis: "time",
    axisNote: null,
    cells,
    gaps: [],
    overlaps: [],
    interval: null,
    runway: null,
    runwayUnjudged: null,
    gapsUnjudged: null,
    defaultPartition: null,
    unknownBounds: 0,
    ...more,
  };
}
