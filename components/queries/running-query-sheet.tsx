"use client";

import type { ReactNode } from "react";
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
            <Row name="Runs for">{formatValue(query.seconds, "seconds")}</Row>
            <Row name="Began">
              <Time at={query.startedAt} show="instant" />
            </Row>
            <Row name="Waits for">
              {query.waitEvent ? `${query.waitEventType}: ${query.waitEvent}` : "nothing"}
            </Row>
            <Row name="User">{query.user ?? "–"}</Row>
            <Row name="Database">{query.database ?? "–"}</Row>
            <Row name="Client">{query.client ?? "local socket"}</Row>
            <Row name="Query id">
              <span className="font-mono text-xs">{query.queryId ?? "compute_query_id is off"}</span>
            </Row>
          </dl>
        </div>
      )}
    </Sheet>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
