import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { getDuplicateIndexes } from "./get-duplicate-indexes.ts";
import { getInvalidIndexes } from "./get-invalid-indexes.ts";

export interface IndexFault {
  fault: "invalid" | "duplicate";
  /** The index, or the partitioned table on whose partitions `count` of them are. */
  schema: string;
  name: string;
  table: string;
  /** Of a duplicate: its columns, and the index that does the same and stays. */
  columns: string | null;
  kept: string | null;
  count: number;
  /** At the last vacuum or analyze; null where that is not known. */
  bytes: number | null;
}

export interface IndexFaults {
  database: string;
  /** False on a standby, which does not show what its primary is building, and where builds are hidden from our role. */
  invalidKnown: boolean;
  faults: IndexFault[];
}

/** Indexes that no query uses because their build failed, and those that repeat another one. */
export async function getIndexFaults(audit: AuditDb): Promise<Observed<IndexFaults>> {
  const { inRecovery, blockSizeBytes } = await audit.server();
  const [invalid, duplicates] = await Promise.all([
    inRecovery ? null : getInvalidIndexes(audit),
    getDuplicateIndexes(audit),
  ]);
  const invalidKnown =
    invalid !== null && !(invalid.data.invalid.length > 0 && invalid.data.hiddenBuilds > 0);
  const broken = (invalidKnown ? invalid.data.invalid : []).map(
    ({ schema, name, table }): IndexFault => ({
      ...{ fault: "invalid", schema, name, table },
      ...{ columns: null, kept: null, count: 1, bytes: null },
    }),
  );
  const repeated = duplicates.data.found.map(
    ({ schema, name, table, columns, count, pages, example: { kept } }): IndexFault => ({
      ...{ fault: "duplicate", schema, name, table, columns, kept, count },
      bytes: pages > 0 ? pages * blockSizeBytes : null,
    }),
  );
  const { database } = duplicates.data;
  return { ...duplicates, data: { database, invalidKnown, faults: [...broken, ...repeated] } };
}
