"use client";

import { parseAsInteger } from "nuqs";
import { Panel } from "@/components/panel/panel.tsx";
import { Switch } from "@/components/ui/checkbox.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { neighbours } from "@/components/ui/sheet.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { useOwnQueries } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { RunningQuery } from "@/lib/queries/get-running-queries.ts";
import { RunningQuerySheet } from "./running-query-sheet.tsx";

const columns: Column<RunningQuery>[] = [
  {
    id: "statement",
    header: "Statement",
    value: (row) => row.text,
    cell: (row) => <span className="font-mono text-xs">{row.text || "–"}</span>,
    grow: true,
  },
  {
    id: "seconds",
    header: "For",
    value: (row) => row.seconds,
    unit: "seconds",
    help: "Time since the statement began",
  },
  { id: "state", header: "State", value: (row) => row.state, from: "sm" },
  {
    id: "wait",
    header: "Waits for",
    value: (row) => (row.waitEvent ? `${row.waitEventType}: ${row.waitEvent}` : null),
    from: "sm",
  },
  { id: "user", header: "User", value: (row) => row.user, from: "lg" },
  { id: "database", header: "Database", value: (row) => row.database, from: "lg" },
  { id: "application", header: "Application", value: (row) => row.application, from: "lg" },
  { id: "pid", header: "pid", value: (row) => String(row.pid), from: "lg", align: "right" },
];

const longestFirst = { id: "seconds", desc: true };
const sql = `select pid, usename, datname, application_name, state, wait_event, query_start, query
from pg_stat_activity
where backend_type = 'client backend' and state in ('active', 'idle in transaction', …)
order by query_start;`;

/** What clients execute at this moment; needs no extension. */
export function RunningQueriesPanel({ height = 420 }: { height?: number }) {
  const { hideOwn, setHideOwn } = useOwnQueries();
  const read = useRead("runningQueries", { hideOwn });
  const [openPid, setOpenPid] = useOpenSheet("running", parseAsInteger);
  const queries = read.data?.queries ?? [];
  const open = queries.find(({ pid }) => pid === openPid) ?? null;
  return (
    <Panel
      id="running-queries"
      title="Running now"
      read={read}
      height={height}
      flush
      info={{
        what: "Statements that client sessions execute at this moment, and the last statement of those idle in a transaction. A statement shorter than the refresh interval is seen only by chance.",
        sql,
      }}
    >
      {(data) => (
        <>
          <DataTable
            id="running"
            label="Running statements"
            rows={data.queries}
            columns={columns}
            rowKey={(row) => String(row.pid)}
            defaultSort={longestFirst}
            onRowClick={(row) => setOpenPid(row.pid)}
            selectedKey={openPid === null ? null : String(openPid)}
            maxHeight={height}
            empty="Nothing is running at this moment"
            actions={<Switch label="Hide the console's own" checked={hideOwn} onChange={setHideOwn} />}
          />
          {data.enable && (
            <div className="grid gap-2 border-t border-hairline px-4 py-3 text-sm text-muted">
              <p>
                {data.hiddenSessions === 1 ? "One session is" : `${data.hiddenSessions} sessions are`} hidden
                from the console's role. To see what they run:
              </p>
              <SqlBlock sql={data.enable} />
            </div>
          )}
          <RunningQuerySheet
            query={open}
            onClose={() => setOpenPid(null)}
            {...neighbours(
              queries,
              ({ pid }) => pid === openPid,
              ({ pid }) => setOpenPid(pid),
            )}
          />
        </>
      )}
    </Panel>
  );
}
