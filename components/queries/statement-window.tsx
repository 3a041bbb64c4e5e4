"use client";

import { Age } from "@/components/ui/aged-figures.tsx";
import { Stat } from "@/components/ui/stat.tsx";
import { rangeLabels } from "@/lib/client/ranges.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { QueryDetail } from "@/lib/queries/get-query-detail.ts";
import { statementFigures, withMean } from "./statement-history.ts";

/** What the statement did over the range, in five figures. */
export function StatementWindow({ read }: { read: ReadState<QueryDetail> }) {
  const range = useTimeRange();
  const history = read.data?.history;
  const figures = history ? statementFigures(history) : null;
  const series = history ? withMean(history).series : {};
  const stale = read.aged !== null || read.previous;
  const words = range.choice ? rangeLabels[range.choice].toLowerCase() : "in this range";
  const none = history && figures?.calls === null ? "not collected in this range" : undefined;
  const common = { stale, ...(none && { unavailable: none }) };
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
      <Stat
        label="Time"
        value={figures?.totalMs}
        unit="ms"
        note={read.aged ? <Age at={read.aged.at} /> : words}
        spark={series.totalExecMs ?? []}
        {...common}
      />
      <Stat
        label="Calls"
        value={figures?.calls}
        unit="count"
        note={words}
        spark={series.calls ?? []}
        {...common}
      />
      <Stat
        label="Mean time"
        value={figures?.meanMs}
        unit="ms"
        note="a call"
        spark={series.meanMs ?? []}
        {...common}
      />
      <Stat
        label="Rows"
        value={figures?.rowsPerCall}
        unit="count"
        note="a call"
        spark={series.rows ?? []}
        {...common}
      />
      <Stat
        label="Found in shared_buffers"
        value={figures?.hitRatio}
        unit="ratio"
        note="of the blocks it touched"
        spark={series.sharedBlksRead ?? []}
        {...common}
      />
    </div>
  );
}
