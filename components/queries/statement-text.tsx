"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { QueryDetail } from "@/lib/queries/get-query-detail.ts";

/** The statement as it was recorded, formatted for reading. */
export function StatementText({ read }: { read: ReadState<QueryDetail> }) {
  return (
    <Panel
      id="statement-text"
      title="Statement"
      read={read}
      height={280}
      info={{
        what: "As pg_stat_statements recorded it: literals are replaced by parameters, what looks like a secret by an ellipsis. Formatted for reading.",
      }}
      empty={(data) =>
        data.formatted === null &&
        (read.observed?.missing
          ? "Its text cannot be read"
          : "Its text is not known: the server forgot it before it was collected")
      }
    >
      {(data, view) => (
        <>
          <SqlBlock sql={data.formatted ?? ""} maxHeight={view.expanded ? view.height : 340} />
          <p className="mt-2 truncate text-xs text-faint">
            Query id <span className="font-mono text-2xs">{data.queryId}</span>
          </p>
        </>
      )}
    </Panel>
  );
}
