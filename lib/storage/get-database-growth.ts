import type { AuditDb } from "../audit-db/types.ts";
import type { History, Point, TimeRange } from "../collector/types.ts";
import type { Observed } from "../result.ts";
import { momentInWords } from "../words.ts";
import { getDatabaseSize } from "./get-database-size.ts";
import { estimateGrowth, minimumSpanSeconds } from "./growth.ts";

export interface DatabaseGrowth {
  databaseBytes: number;
  walBytes: number | null;
  /** By regression over the range; null until an hour of it was collected. */
  bytesPerDay: number | null;
  /** Time the regression rests on. */
  spanSeconds: number;
  collectingSince: Date | null;
  /** Sizes over the range, oldest first. */
  points: Point[];
}

/** Size now and growth per day from the collected sizes of the range. */
export async function getDatabaseGrowth(
  audit: AuditDb,
  history: History,
  range: TimeRange,
): Promise<Observed<DatabaseGrowth>> {
  const [size, collected] = await Promise.all([
    getDatabaseSize(audit),
    history.totals(audit.target, ["storage.databaseBytes"], range),
  ]);
  const points = collected.series["storage.databaseBytes"] ?? [];
  const { bytesPerDay, spanSeconds } = estimateGrowth(points);
  return {
    ...size,
    data: {
      ...size.data,
      bytesPerDay,
      spanSeconds,
      collectingSince: collected.collectingSince,
      points,
    },
    countsSince: collected.collectingSince,
    ...(bytesPerDay === null && {
      unavailable: {
        code: "insufficient_data",
        reason: collected.collectingSince
          ? `Growth needs ${minimumSpanSeconds / 60} minutes of collected sizes; collecting since ${momentInWords(collected.collectingSince.toISOString())} UTC.`
          : "No sizes have been collected yet.",
      },
    }),
  };
}
