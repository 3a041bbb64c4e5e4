"use client";

import type { ReactNode } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Time } from "@/components/ui/time.tsx";
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
        <dl className="gap-8 text-sm [column-width:15rem]">
          {Object.entries(data.counters ?? {})
            .toSorted(([a], [b]) => a.localeCompare(b))
            .map(([name, value]) => (
              <div
                key={name}
                className="flex break-inside-avoid items-baseline justify-between gap-3 border-b border-hairline py-1"
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

function written(value: number | boolean | string | null): ReactNode {
  if (value === null) return "–";
  if (typeof value === "number") return numbers.format(value);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return <Time at={value} show="moment" />;
  return String(value);
}
