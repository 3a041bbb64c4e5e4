"use client";

/**
 * A titled box around one read, with its states: loading, empty, error, stale, unavailable.
 *
 *     <Panel id="server-connections" title="Server connections" unit="connections" read={read} height={240}
 *       info={{ what: "Client backends by state.", sql: "select state, count(*) from pg_stat_activity …" }}
 *       empty={(data) => data.rows.length === 0 && "No connections"}
 *       table={(data) => historyTable(data)}>
 *       {(data, view) => <LineChart history={data} height={view.height} label="Connections by state" />}
 *     </Panel>
 *
 * `height` (pixels of the body) holds in every state, so nothing jumps; content may grow past it unless `fixed`.
 * `view.height` is the body's height to draw for: larger when the panel is expanded. `table` gives the table view
 * and the CSV; PNG is offered when the body holds an SVG.
 */
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { cn } from "@/components/ui/cn.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { oldest } from "@/lib/client/aged.ts";
import { loadCode } from "@/lib/client/load-code.ts";
import { PanelBody } from "./panel-body.tsx";
import { PanelFooter } from "./panel-footer.tsx";
import { PanelInfoButton } from "./panel-info.tsx";
import { PanelMenu } from "./panel-menu.tsx";
import type { PanelProps } from "./panel-props.ts";
import { useSought } from "./use-sought.ts";

const PanelExpanded = dynamic(
  () => loadCode(() => import("./panel-expanded.tsx")).then((m) => m.PanelExpanded),
  {
    ssr: false,
  },
);

export function Panel<T>(props: PanelProps<T>) {
  const { id, title, unit, read, also = [], height, fixed, info, actions, table, flush, className } = props;
  const [expanded, setExpanded] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const box = useRef<HTMLElement>(null);
  const sought = useSought(id, box);
  const aged = oldest([read, ...also]);
  const usable = read.observed !== undefined && read.observed.unavailable === undefined;

  return (
    <section
      ref={box}
      id={id}
      aria-labelledby={`${id}-title`}
      aria-busy={read.loading || undefined}
      tabIndex={sought ? -1 : undefined}
      data-sought={sought || undefined}
      className={cn(
        "flex min-w-0 scroll-mt-16 flex-col rounded-lg border border-hairline bg-panel",
        sought && "border-accent outline-2 outline-offset-2 outline-accent/60",
        className,
      )}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 py-1.5 pr-2 pl-4">
        <h2 id={`${id}-title`} className="min-w-0 truncate text-base font-semibold">
          {title}
        </h2>
        {unit && <span className="text-sm text-faint">{unit}</span>}
        {aged && <StateBadge state="unknown">last known</StateBadge>}
        <div className="ml-auto flex items-center gap-0.5">
          {actions}
          <PanelInfoButton title={title} info={info} observed={read.observed} />
          <PanelMenu
            id={id}
            title={title}
            box={box}
            table={usable && table && read.data !== undefined ? () => table(read.data as T) : null}
            asTable={asTable}
            onTable={setAsTable}
            onExpand={() => setExpanded(true)}
          />
        </div>
      </header>
      <div
        className={cn("relative min-w-0 grow", !flush && "px-4", fixed && "overflow-hidden")}
        style={fixed ? { height } : { minHeight: height }}
      >
        <PanelBody {...props} view={{ height, expanded: false }} asTable={asTable} aged={aged} />
      </div>
      <PanelFooter read={read} aged={aged} />
      {expanded && (
        <PanelExpanded
          title={title}
          unit={unit}
          onClose={() => setExpanded(false)}
          footer={<PanelFooter read={read} aged={aged} />}
        >
          {(expandedHeight) => (
            <PanelBody
              {...props}
              view={{ height: expandedHeight, expanded: true }}
              asTable={asTable}
              aged={aged}
            />
          )}
        </PanelExpanded>
      )}
    </section>
  );
}

/** A panel's place while its code loads. */
export function PanelSkeleton({ height }: { height: number }) {
  return (
    <div className="rounded-lg border border-hairline bg-panel px-4 pb-8">
      <div className="flex h-11 items-center">
        <Skeleton className="h-4 w-36" />
      </div>
      <div style={{ height }}>
        <Skeleton className="h-full" />
      </div>
    </div>
  );
}
