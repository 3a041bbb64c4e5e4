import type { AuditDb } from "../audit-db/types.ts";
import { getPartmanTables, type PartmanTable } from "../partition-facts/partman.ts";
import { widthOfInterval } from "../partition-facts/partman-interval.ts";
import type { Observed } from "../result.ts";

export interface PartmanOverview extends PartmanTable {
  /** How long a partition is, in seconds; null where it is cut by numbers, or nobody can read its interval. */
  widthSeconds: number | null;
}

/** The tables that pg_partman manages, with its settings and its last run where it tells. Source: part_config. */
export async function getPartman(audit: AuditDb): Promise<Observed<PartmanOverview[]>> {
  const { data, ...observed } = await getPartmanTables(audit);
  return {
    ...observed,
    data: data.tables.map((table) => ({ ...table, widthSeconds: widthOfInterval(table.interval) })),
  };
}
