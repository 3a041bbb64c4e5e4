"use client";

import { CircleSlash, Inbox } from "lucide-react";
import { AgedFigures } from "@/components/ui/aged-figures.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { Aged } from "@/lib/client/aged.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { Unavailable } from "@/lib/result.ts";
import { MissingParts, ServerSaid } from "./missing-parts.tsx";
import type { PanelProps, PanelView } from "./panel-props.ts";
import { PanelTableView } from "./panel-table-view.tsx";

interface BodyProps<T> extends PanelProps<T> {
  view: PanelView;
  asTable: boolean;
  aged: Aged | null;
}

/** What a panel shows for each state of its read. */
export function PanelBody<T>({
  title,
  read,
  view,
  asTable,
  aged,
  empty,
  table,
  flush,
  children,
}: BodyProps<T>) {
  const { observed, error } = read;
  if (!observed) {
    if (error) return <ReadFailure title={title} read={read} height={view.height} />;
    return (
      <div style={{ height: view.height }}>
        <span className="sr-only">Loading {title}</span>
        <Skeleton className="h-full" />
      </div>
    );
  }
  if (observed.unavailable) return <NotAvailable unavailable={observed.unavailable} height={view.height} />;
  const nothing = empty?.(observed.data);
  const missing = observed.missing && <MissingParts missing={observed.missing} flush={flush} />;
  if (nothing)
    return (
      <AgedFigures aged={aged}>
        <div style={{ height: view.height }}>
          <EmptyState icon={<Inbox />} title={nothing} />
        </div>
        {missing}
      </AgedFigures>
    );
  return (
    <AgedFigures aged={aged} dim={read.previous}>
      {asTable && table ? (
        <PanelTableView table={table(observed.data)} height={view.height} caption={title} />
      ) : (
        children(observed.data, view)
      )}
      {missing}
    </AgedFigures>
  );
}

function ReadFailure<T>({ title, read, height }: { title: string; read: ReadState<T>; height: number }) {
  const { error } = read;
  if (!error) return null;
  const since = error.since ?? read.failedAt;
  return (
    <div style={{ minHeight: height }} className="grid" role="status">
      <EmptyState
        icon={<StateIcon state={error.code === "FORBIDDEN" ? "unknown" : "critical"} />}
        title={error.message}
        action={
          error.code !== "FORBIDDEN" && (
            <Button size="sm" onClick={read.refetch} pending={read.refreshing}>
              Try again
            </Button>
          )
        }
      >
        <p>
          {title} could not be read
          {since && (
            <>
              {" "}
              since <Time at={since} show="moment" />
            </>
          )}
          .{error.hint && ` ${error.hint}`}
        </p>
        {error.server && <ServerSaid words={error.server} />}
      </EmptyState>
    </div>
  );
}

/** Why a figure cannot be had here, and the SQL a person may run to have it. */
export function NotAvailable({ unavailable, height }: { unavailable: Unavailable; height?: number }) {
  return (
    <div style={height ? { minHeight: height } : undefined} className="grid">
      <EmptyState icon={<CircleSlash />} title={unavailable.reason} className="py-4">
        {unavailable.enable && (
          <div className="mt-1 grid w-full max-w-130 gap-1.5">
            <p>To enable it, run as a superuser or the owner:</p>
            <SqlBlock sql={unavailable.enable} maxHeight={160} />
          </div>
        )}
      </EmptyState>
    </div>
  );
}
