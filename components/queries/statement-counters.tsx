"use client";

import { Panel } from "@/components/panel/panel.tsx";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { QueryDetail } from "@/lib/queries/get-query-detail.ts";

const numbers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });

/** Every column of the view, exact and under its own name. */
export function StatementCounters({ read }: { read: ReadState<QueryDetail> }) {
  return (
    <Panel
      id="statement-counters"
      title="All counters"
      unit="since the server counts"
      read={read}
      height={160}
      info={{
        what: "This entry of pg_stat_statements as it is now, whole, under the view's own column names. Times are in milliseconds, blocks are of 8 kB unless the server was built otherwise.",
      }}
      empty={(data) => data.counters === null && "The server no longer has an entry for it"}
      table={(data) => ({
        columns: [{ label: "column" }, { label: "value" }],
        rows: Object.entries(data.counters ?? {}),
      })}
    >
      {(data) => (
        <dl className="grid grid-cols-1 gap-x-8 text-sm sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4">
          {Object.entries(data.counters ?? {}).map(([name, value]) => (
            <div
              key={name}
              className="flex items-baseline justify-between gap-3 border-b border-hairline py-1"
            >
              <dt className="truncate font-mono text-xs text-muted" title={name}>
                {name}
              </dt>
              <dd className={value === 0 || value === null ? "text-faint" : ""}>{written(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

function written(value: number | boolean | string | null): string {
  if (value === null) return "–";
  if (typeof value === "number") return numbers.format(value);
  const time = typeof value === "string" && /^\d{4}-\d\d-\d\dT/.exec(value) ? value.slice(0, 19) : null;
  return time ? time.replace("T", " ") : String(value);
}
