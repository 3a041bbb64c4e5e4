import type { Sql } from "postgres";
import type { Logger } from "../log/log.ts";
import { hourKeepSeconds } from "./retention.ts";
import { createPartitions, dropExpiredPartitions } from "./roll-up/maintain-partitions.ts";
import { rollUp } from "./roll-up/roll-up.ts";
import { instanceBoard } from "./sampling/instance-board.ts";

const maintainEveryMs = 600_000;
/** Runs in a row when there is much to catch up with; then others get their turn. */
const runsAtOnce = 50;

/**
 * Rounds that roll samples up and, every ten minutes, keep partitions. What is due is rolled up before anything
 * expires, so a worker that was away for two days loses nothing that is still there.
 */
export function housekeeping(sql: Sql, logger: Logger): (signal: AbortSignal) => Promise<void> {
  let maintainedAt = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const now = Date.now();
    const due = now - maintainedAt >= maintainEveryMs;
    if (due) await createPartitions(sql, new Date(now));
    let more = true;
    for (let run = 0; more && run < runsAtOnce && !signal.aborted; run++)
      more = await rollUp(sql, new Date());
    if (!due || more || signal.aborted) return;
    const dropped = await dropExpiredPartitions(sql, new Date(now));
    if (dropped.length > 0) logger.info({ dropped }, "expired samples dropped");
    await forget(sql, new Date(now));
    maintainedAt = now;
  };
}

/** Events, objects and processes that nothing kept refers to any more. */
async function forget(sql: Sql, now: Date): Promise<void> {
  const before = new Date(now.getTime() - hourKeepSeconds * 1_000);
  await sql`delete from history.target_event where at < ${before} and ended_at < ${before}`;
  // A month's grace: hourly rows are dropped by partitions of 30 days.
  await sql`delete from history.object where last_seen < ${new Date(before.getTime() - 31 * 86_400_000)}`;
  await instanceBoard(sql).tidy();
}
