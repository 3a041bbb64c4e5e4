import type { z } from "zod";
import type { UpkeepOutcome, UpkeepState } from "../../drizzle/console/schema/upkeep.ts";
import type { schema } from "../db/schema.ts";
import type { cutInput } from "../partition-plan/request.ts";
import type { WorkWindow } from "./work-window.ts";

export type Cut = z.output<typeof cutInput>;

/** How the newest run that ended came out. */
export interface UpkeepRun {
  /** When it ended. */
  at: Date;
  jobId: string | null;
  outcome: UpkeepOutcome;
  /** What was made, or why not, in a sentence. */
  words: string;
  /** How many partitions it made. */
  made: number;
}

/** What keeps a table's partitions ahead. */
export interface UpkeepRule {
  id: string;
  target: string;
  database: string;
  /** A root (then every branch) or a branch. */
  table: { schema: string; name: string };
  /** Null: learned from the partitions that are there. */
  cut: Cut | null;
  /** Intervals after the one that holds now. */
  ahead: number;
  tablespace: string | null;
  cron: string;
  /** Of the expression and of the window. */
  timeZone: string;
  window: WorkWindow | null;
  lockTimeoutMs: number;
  state: UpkeepState;
  revision: number;
  enabled: boolean;
  proposedBy: string;
  proposedAt: Date;
  approvedBy: string | null;
  approvedAt: Date | null;
  /** Since when it is on. */
  onSince: Date | null;
  last: UpkeepRun | null;
  /** End of the newest run that went well, also where there was nothing to do. */
  succeededAt: Date | null;
}

export function ruleOf(row: typeof schema.partitionUpkeep.$inferSelect): UpkeepRule {
  const { lastRunAt, lastOutcome, windowFrom, windowTo } = row;
  return {
    id: row.id,
    target: row.target,
    database: row.database,
    table: { schema: row.schemaName, name: row.tableName },
    cut: row.cut as Cut | null,
    ahead: row.ahead,
    tablespace: row.tablespace,
    cron: row.cron,
    timeZone: row.timeZone,
    window: windowFrom !== null && windowTo !== null ? { from: windowFrom, to: windowTo } : null,
    lockTimeoutMs: row.lockTimeoutMs,
    state: row.state,
    revision: row.revision,
    enabled: row.enabled,
    proposedBy: row.proposedByName,
    proposedAt: row.proposedAt,
    approvedBy: row.approvedByName,
    approvedAt: row.approvedAt,
    onSince: row.onSince,
    last:
      lastRunAt && lastOutcome
        ? {
            at: lastRunAt,
            jobId: row.lastJobId,
            outcome: lastOutcome,
            words: row.lastWords ?? "",
            made: row.lastMade ?? 0,
          }
        : null,
    succeededAt: row.succeededAt,
  };
}

/** Whether runs begin by the clock. */
export function isOn({ state, enabled }: Pick<UpkeepRule, "state" | "enabled">): boolean {
  return state === "approved" && enabled;
}
