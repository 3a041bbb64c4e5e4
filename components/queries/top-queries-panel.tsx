"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useOwnQueries, useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { TopQueries } from "@/lib/queries/get-top-queries.ts";
import { missingInWords } from "@/lib/words.ts";
import { mostQueries, topQueriesInput } from "./queries-input.ts";
import { topQueriesFigures } from "./top-queries-figures.ts";
import { TopQueriesTable } from "./top-queries-table.tsx";
import { TopQueriesToolbar } from "./top-queries-toolbar.tsx";
import { useQueryChoice } from "./use-query-choice.ts";

const sql = `-- every minute, kept by the console; a window is the growth between two samples
select dbid, userid, queryid, toplevel, calls, total_exec_time, rows,
       shared_blks_read, temp_blks_written, wal_bytes
from pg_stat_statements(false);`;

/** The statements that cost most over the page's range, ranked as the URL says. */
export function TopQueriesPanel() {
  const range = useTimeRange();
  const { hideOwn } = useOwnQueries();
  const [choice, setChoice] = useQueryChoice();
  const read = useRead("topQueries", topQueriesInput(range.input, hideOwn, choice));
  return (
    <Panel
      id="top-queries"
      title="Top statements"
      read={read}
      height={560}
      flush
      info={{
        what: "What each statement did in the range. The share is of everything that was counted in it, hidden statements included; the change compares with a window of the same length before.",
        sql,
      }}
      table={(data) => topQueriesFigures(data)}
    >
      {(data) => (
        <>
          <TopQueriesToolbar choice={choice} onChange={setChoice} />
          <BasisNote data={data} />
          <TopQueriesTable data={data} choice={choice} onChange={setChoice} />
          <div className="flex min-h-10 items-center gap-3 border-t border-hairline px-4 text-xs text-faint">
            <span>
              {data.queries.length} of {data.total}{" "}
              {choice.group === "shape" ? "shapes of statements" : "statements"}
            </span>
            {data.sampled && (
              <span>
                counted from <Time at={data.sampled.from} show="moment" /> to{" "}
                <Time at={data.sampled.to} show="moment" />
              </span>
            )}
            {data.total > data.queries.length && choice.limit < mostQueries && (
              <Button
                size="sm"
                variant="ghost"
                pending={read.refreshing && read.previous}
                onClick={() => setChoice({ limit: Math.min(mostQueries, choice.limit * 2) })}
              >
                Show more
              </Button>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}

/** Says when the figures are not those of the whole range. */
function BasisNote({ data }: { data: TopQueries }) {
  const range = useTimeRange();
  if (data.basis === "cumulative")
    return (
      <p className="border-b border-hairline bg-inset px-4 py-1.5 text-xs text-muted">
        The server's own totals, not those of the range: the collector has not seen two samples yet.
      </p>
    );
  const from = "from" in range.input ? range.input.from.getTime() : null;
  const since = data.collectingSince;
  const late = since && (from === null ? Date.now() - range.seconds * 1_000 : from) < since.getTime();
  const missing = data.sampled && missingInWords(data.sampled.missingShare);
  if (!late && !missing) return null;
  return (
    <p className="border-b border-hairline bg-inset px-4 py-1.5 text-xs text-muted">
      {late && (
        <>
          Collecting since <Time at={since} show="moment" />: what ran before is not in these figures.{" "}
        </>
      )}
      {missing}
    </p>
  );
}
