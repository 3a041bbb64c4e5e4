"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { RedisNote } from "./redis-note.tsx";
import { Waterfall, waterfallHeight } from "./waterfall.tsx";
import { coverageWords, waterfallSteps } from "./waterfall-steps.ts";

const sql = `select blks_hit, blks_read, blk_read_time, stats_reset
from pg_stat_database where datname = current_database();`;

/** The signature picture of this page: which step answers, and what is left for the disk. */
export function WaterfallPanel() {
  const { input: range } = useTimeRange();
  const read = useRead("cacheWaterfall", { range });
  return (
    <Panel
      id="waterfall"
      title="Which step answers?"
      unit="over the range"
      read={read}
      height={waterfallHeight + 22}
      info={{
        what: "Green is what a step answered, orange is what it let through; the orange left at the last step is the cost. Figures are growth of counters within the range. The query cache and Redis count this console's reads, Redis only those that memory had no answer for; shared_buffers counts blocks of everybody in the database. A block read past shared_buffers may still have come from the operating system's cache: PostgreSQL cannot tell.",
        sql,
      }}
      table={(data) => ({
        columns: [
          { label: "step" },
          { label: "answered" },
          { label: "passed on" },
          { label: "unit" },
          { label: "seconds sampled" },
        ],
        rows: [
          [
            "query cache",
            data.queryCache?.answered,
            data.queryCache?.passed,
            "reads",
            data.queryCache?.coveredSeconds,
          ],
          "code" in data.redis
            ? ["Redis", null, null, data.redis.reason, null]
            : [
                "Redis",
                data.redis.step?.answered,
                data.redis.step?.passed,
                "reads",
                data.redis.step?.coveredSeconds,
              ],
          [
            "shared_buffers",
            data.sharedBuffers?.answered,
            data.sharedBuffers?.passed,
            "blocks",
            data.sharedBuffers?.coveredSeconds,
          ],
          [
            "disk or system cache",
            data.sharedBuffers?.passed,
            null,
            "blocks",
            data.sharedBuffers?.coveredSeconds,
          ],
        ],
      })}
    >
      {(data) => {
        const covered = coverageWords(data.sharedBuffers, data.windowSeconds);
        return (
          <>
            <Waterfall steps={waterfallSteps(data)} label="Which step answers" />
            <p className="mt-1 flex min-h-4 flex-wrap gap-x-3 text-xs text-faint">
              <RedisNote redis={data.redis} />
              {covered !== null && (
                <span>
                  Samples cover {formatSeconds(covered)} of {formatSeconds(data.windowSeconds)}.
                </span>
              )}
            </p>
          </>
        );
      }}
    </Panel>
  );
}
