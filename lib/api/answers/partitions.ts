import { z } from "zod";
import { count, instant, nullableNumber, nullableText } from "../parts.ts";

const lock = z
  .object({
    pid: count,
    user: nullableText,
    application: nullableText,
    granted: z.boolean(),
    since: instant.nullable(),
  })
  .meta({ id: "RelationLock" });

const row = z
  .object({
    oid: count,
    schema: z.string(),
    name: z.string(),
    root: z.string(),
    branch: z.string(),
    bounds: nullableText,
    from: nullableText,
    to: nullableText,
    isDefault: z.boolean(),
    detachPending: z.boolean(),
    rowsEstimated: nullableNumber,
    totalBytes: nullableNumber,
    tableBytes: nullableNumber,
    indexBytes: nullableNumber,
    toastBytes: nullableNumber,
    bytesFrom: z.enum(["measured", "estimated"]),
    deadRows: nullableNumber,
    inserted: nullableNumber,
    updated: nullableNumber,
    deleted: nullableNumber,
    seqScans: nullableNumber,
    indexScans: nullableNumber,
    lastVacuum: instant.nullable(),
    lastAnalyze: instant.nullable(),
    lastVacuumAutomatic: z.boolean(),
    lastAnalyzeAutomatic: z.boolean(),
    lockedBy: lock.nullable(),
  })
  .meta({ id: "Partition" });

export const partitionsAnswer = z
  .object({ rows: z.array(row), total: count })
  .meta({ id: "Partitions", description: "Partitions that hold rows; total counts all that match" });
