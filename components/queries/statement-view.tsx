"use client";

import { ChevronLeft, SearchX } from "lucide-react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { buttonStyle } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Badge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { StatementCharts } from "./statement-charts.tsx";
import { StatementCounters } from "./statement-counters.tsx";
import { StatementEntries } from "./statement-entries.tsx";
import { StatementPlan } from "./statement-plan.tsx";
import { StatementSpread } from "./statement-spread.tsx";
import { StatementText } from "./statement-text.tsx";
import { statementTitle } from "./statement-title.ts";
import { StatementWindow } from "./statement-window.tsx";

/** One statement: what it is, what it did over the range, who runs it, how it would be executed. */
export function StatementView({ statementKey }: { statementKey: string }) {
  const target = useTarget();
  const range = useTimeRange();
  const read = useRead("queryDetail", { key: statementKey, range: range.input });
  const { data, error } = read;
  if (!data && error?.code === "NOT_FOUND") return <UnknownStatement words={error.message} />;
  return (
    <>
      <ConsoleLink
        href={`/${encodeURIComponent(target)}/queries`}
        className="mb-2 inline-flex items-center gap-1 rounded-sm text-sm text-muted hover:text-ink"
      >
        <ChevronLeft aria-hidden className="size-4" /> Queries
      </ConsoleLink>
      <PageHeader
        title={data ? statementTitle(data.text) : "Statement"}
        question={
          data ? (
            <>
              {data.user ?? "user not known"} on {data.database ?? "a database not known"}
              {data.firstSeen && (
                <>
                  {" · first seen "}
                  <Time at={data.firstSeen} show="moment" />
                </>
              )}
              {data.lastSeen && (
                <>
                  {" · last seen "}
                  <Time at={data.lastSeen} show="moment" />
                </>
              )}
            </>
          ) : (
            "What does it cost, and how is it executed?"
          )
        }
        actions={
          <>
            {data?.own && <Badge>the console's own</Badge>}
            {data && !data.toplevel && <Badge>runs inside functions</Badge>}
          </>
        }
      />
      <div className="grid grid-cols-1 gap-4">
        <StatementWindow read={read} />
        <div className="grid grid-cols-1 gap-4 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
          <StatementText read={read} />
          <div className="grid grid-cols-1 grid-rows-[auto_1fr] gap-4">
            <StatementEntries read={read} />
            <StatementSpread read={read} />
          </div>
        </div>
        <StatementCharts read={read} />
        <StatementPlan key={statementKey} statementKey={statementKey} />
        <StatementCounters read={read} />
      </div>
    </>
  );
}

function UnknownStatement({ words }: { words: string }) {
  const target = useTarget();
  return (
    <div className="grid min-h-[50vh] place-items-center">
      <EmptyState
        icon={<SearchX />}
        title={words}
        action={
          <ConsoleLink
            href={`/${encodeURIComponent(target)}/queries`}
            className={buttonStyle({ variant: "secondary" })}
          >
            Go to the list
          </ConsoleLink>
        }
      >
        <p>The server forgets statements that run rarely, and all of them when its statistics are reset.</p>
      </EmptyState>
    </div>
  );
}
