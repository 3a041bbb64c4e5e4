"use client";

import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatValue } from "@/lib/client/format.ts";
import type { RunningQuery } from "@/lib/queries/get-running-queries.ts";

interface SheetProps {
  query: RunningQuery | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One running statement, whole. It closes when the statement has ended. */
export function RunningQuerySheet({ query, ...steps }: SheetProps) {
  return (
    <Sheet
      open={query !== null}
      title={query ? `Session ${query.pid}` : ""}
      description={query ? `${query.state}${query.application ? ` · ${query.application}` : ""}` : ""}
      {...steps}
    >
      {query && (
        <div className="grid gap-4">
          <SqlBlock sql={query.text} maxHeight={420} />
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm [&_dt]:text-faint">
            <Fact name="Runs for">{formatValue(query.seconds, "seconds")}</Fact>
            <Fact name="Began">
              <Time at={query.startedAt} show="instant" />
            </Fact>
            <Fact name="Waits for">
              {query.waitEvent ? `${query.waitEventType}: ${query.waitEvent}` : "nothing"}
            </Fact>
            <Fact name="User">{query.user ?? "–"}</Fact>
            <Fact name="Database">{query.database ?? "–"}</Fact>
            <Fact name="Client">{query.client ?? "local socket"}</Fact>
            <Fact name="Query id">
              <span className="font-mono text-xs">{query.queryId ?? "compute_query_id is off"}</span>
            </Fact>
          </dl>
        </div>
      )}
    </Sheet>
  );
}
