import type { AuditDb } from "../audit-db/types.ts";
import type { ObjectSample } from "../collector/types.ts";
import { readForest, totalsOf } from "../partition-facts/read-forest.ts";
import { quoteQualified } from "../quote-sql.ts";
import { buildLanes } from "./build-lanes.ts";
import { buildEachTable } from "./judged-lanes.ts";

/** Bytes and rows of every partition that holds rows, keyed as `quoteQualified` writes it. */
export async function samplePartitions(audit: AuditDb): Promise<ObjectSample[]> {
  const observed = await readForest(audit);
  const forest = observed.data;
  return forest.roots.flatMap((root) =>
    forest.leaves(root).map((leaf) => {
      const totals = totalsOf(forest, leaf);
      return {
        key: quoteQualified(leaf.schema, leaf.name),
        values: { bytes: totals.bytes, rows: totals.rowsEstimated, dead: totals.deadRows },
      };
    }),
  );
}

/** Number of partitions, their bytes, and the shortest runway of all lanes that are still in use. */
export async function samplePartitionTotals(
  audit: AuditDb,
  now = new Date(),
): Promise<{ values: Record<string, number | null> }> {
  const observed = await readForest(audit);
  const forest = observed.data;
  const totals = forest.roots.map((root) => totalsOf(forest, root));
  const { lanes } = buildEachTable(forest.roots, (root) => buildLanes(forest, root, now));
  const runways = lanes.flatMap((lane) =>
    lane.runway && !lane.runway.retired ? (lane.runway.seconds ?? []) : [],
  );
  const measured = totals.flatMap((total) => total.bytes ?? []);
  return {
    values: {
      "partitions.count": totals.reduce((sum, total) => sum + total.leaves, 0),
      "partitions.totalBytes": measured.length > 0 ? measured.reduce((sum, bytes) => sum + bytes, 0) : null,
      "partitions.runwaySeconds": runways.length > 0 ? Math.min(...runways) : null,
    },
  };
}
