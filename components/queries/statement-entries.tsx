"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { cn } from "@/components/ui/cn.ts";
import { formatExact, formatRatio, formatValue } from "@/lib/client/format.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { QueryDetail } from "@/lib/queries/get-query-detail.ts";
import { statementHref } from "./queries-input.ts";

/** Every user and database the same statement ran under, as the server counts them now. */
export function StatementEntries({ read }: { read: ReadState<QueryDetail> }) {
  const target = useTarget();
  return (
    <Panel
      id="statement-entries"
      title="Who ran it"
      unit="since the server counts"
      read={read}
      height={96}
      info={{
        what: "The server counts a statement for each user and database by itself. All entries of the same query id stand here, the costliest first.",
        sql: "select userid::regrole, dbid, calls, total_exec_time\nfrom pg_stat_statements(false) where queryid = …;",
      }}
      empty={(data) =>
        data.entries.length === 0 &&
        "The server no longer has an entry for it: evicted, or the statistics were reset"
      }
      table={(data) => ({
        columns: [
          { label: "user" },
          { label: "database" },
          { label: "calls", unit: "count" },
          { label: "time", unit: "ms" },
          { label: "mean", unit: "ms" },
        ],
        rows: data.entries.map(({ user, database, calls, totalExecMs }) => [
          user,
          database,
          calls,
          totalExecMs,
          calls > 0 ? totalExecMs / calls : null,
        ]),
      })}
    >
      {(data) => {
        const all = data.entries.reduce((sum, { totalExecMs }) => sum + totalExecMs, 0);
        return (
          <ul className="max-h-44 overflow-auto">
            {data.entries.map((entry) => {
              const key = `${entry.databaseId}/${entry.userId}/${entry.queryId}/${entry.toplevel ? 1 : 0}`;
              const share = all > 0 ? entry.totalExecMs / all : 0;
              const here = key === data.key;
              return (
                <li key={key} className="border-b border-hairline py-2.5 last:border-b-0">
                  <div className="flex items-baseline gap-3 text-sm">
                    <span className="min-w-0 grow truncate">
                      {here ? (
                        <span className="font-medium">{entry.user ?? "a dropped role"}</span>
                      ) : (
                        <ConsoleLink
                          href={statementHref(target, key)}
                          className="font-medium text-accent hover:underline"
                        >
                          {entry.user ?? "a dropped role"}
                        </ConsoleLink>
                      )}
                      <span className="text-faint">
                        {" "}
                        on {entry.database ?? "a dropped database"}
                        {here && data.entries.length > 1 && " · this page"}
                        {!entry.toplevel && " · inside functions"}
                      </span>
                    </span>
                    <span className="shrink-0" title={formatExact(entry.totalExecMs, "ms")}>
                      {formatValue(entry.totalExecMs, "ms")}
                    </span>
                  </div>
                  <div className="mt-1.5 flex items-center gap-3 text-xs text-faint">
                    <span aria-hidden className="h-1.5 grow overflow-hidden rounded-full bg-inset">
                      <span
                        className={cn("block h-full rounded-full", here ? "bg-accent" : "bg-control")}
                        style={{ width: `${share * 100}%` }}
                      />
                    </span>
                    <span className="shrink-0">
                      {formatRatio(share)} · {formatValue(entry.calls, "count")} calls
                      {entry.calls > 0 && ` · ${formatValue(entry.totalExecMs / entry.calls, "ms")} each`}
                    </span>
                  </div>
                </li>
              );
            })}
          </ul>
        );
      }}
    </Panel>
  );
}
