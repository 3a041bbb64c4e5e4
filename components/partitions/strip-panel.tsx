"use client";

import { type ComponentProps, useMemo, useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { WorkLine } from "@/components/partition-plan/work-line.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { ReadOutput } from "@/lib/client/reads.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { PartitionCell } from "@/lib/partitions/types.ts";
import { nameRelation, quoteQualified, quoteText } from "@/lib/quote-sql.ts";
import { laneFigures } from "./lane-figures.ts";
import { LaneFindings } from "./lane-notes.tsx";
import { Strip } from "./strip.tsx";
import { hasClock, timeDomain } from "./strip-geometry.ts";
import { StripLegend } from "./strip-legend.tsx";
import { StripPlans } from "./strip-plans.tsx";
import { createShade } from "./strip-shade.ts";
import { gapEnds } from "./strip-stops.ts";
import type { StripWork } from "./strip-work.ts";
import { StripZoomControls } from "./strip-zoom-controls.tsx";
import { TableChooser } from "./table-chooser.tsx";
import { TreeLine } from "./tree-line.tsx";
import { useShading, useStripZoom } from "./use-partition-url.ts";

type Lanes = ReadOutput<"partitionLanes">;

interface StripPanelProps {
  read: ReadState<Lanes>;
  onOpen: (cell: PartitionCell) => void;
  openName: string | null;
  /** Of the plan that is read or carried out. */
  work: StripWork | null;
  /** What somebody does to the table now. */
  going: ComponentProps<typeof WorkLine> | null;
}

/** More branches than this are shown on demand. */
const lanesAtFirst = 12;

const sqlOf = (table: {
  schema: string;
  name: string;
}) => `select c.oid::regclass, pg_get_expr(c.relpartbound, c.oid) as bounds,
  pg_total_relation_size(c.oid), s.n_live_tup, s.n_dead_tup, s.last_vacuum, s.last_autovacuum
from pg_inherits i join pg_class c on c.oid = i.inhrelid
join pg_stat_all_tables s on s.relid = c.oid
where i.inhparent = ${quoteText(quoteQualified(table.schema, table.name))}::regclass;`;

/** The signature picture of this page with its controls. */
export function StripPanel({ read, onOpen, openName, work, going }: StripPanelProps) {
  return (
    <Panel
      id="strip"
      title="Partitions along time"
      unit="UTC"
      read={read}
      height={284}
      className="max-sm:min-h-[450px]"
      info={{
        what: "Every partition as a cell as wide as its interval, a lane for each branch of the table. Right of now lies the runway: how long events still find a partition. Rows are the statistics' estimate, sizes are tables, indexes and TOAST together.",
        sql: sqlOf(read.data?.root ?? { schema: "public", name: "audit_log" }),
      }}
      actions={
        <>
          <TableChooser shown={read.data?.root ?? null} />
          {read.data !== null && <StripPlans root={read.data?.root} />}
        </>
      }
      empty={(data) => data === null && "This database has no partitioned table"}
      table={laneFigures}
    >
      {(data, view) =>
        data && (
          <StripBody
            data={data}
            onOpen={onOpen}
            openName={openName}
            work={work}
            going={going}
            roomHeight={view.expanded ? view.height - 110 : null}
          />
        )
      }
    </Panel>
  );
}

interface StripBodyProps extends Omit<StripPanelProps, "read"> {
  data: NonNullable<Lanes>;
  /** Pixels the drawing may fill when the panel is expanded. */
  roomHeight: number | null;
}

function StripBody({ data, onOpen, openName, work, going, roomHeight }: StripBodyProps) {
  const [shading, setShading] = useShading();
  const { zoom, setZoom } = useStripZoom();
  const [all, setAll] = useState(false);
  const { now } = data;
  const [, plan] = useOpenPlan();
  const lanes = useMemo(() => (all ? data.lanes : data.lanes.slice(0, lanesAtFirst)), [all, data.lanes]);
  const shade = useMemo(
    () =>
      createShade(
        shading,
        lanes.flatMap((lane) => lane.cells),
        now.getTime(),
      ),
    [shading, lanes, now],
  );
  const whole = useMemo(() => timeDomain(lanes, now.getTime()), [lanes, now]);
  const marks = {
    gaps: lanes.some((lane) => lane.gaps.length > 0),
    overlaps: lanes.some((lane) => lane.overlaps.length > 0),
    planned: lanes.some(
      (lane) => hasClock(lane) && lane.cells.some((cell) => cell.from !== null && new Date(cell.from) > now),
    ),
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {going ? <WorkLine {...going} /> : <TreeLine oid={data.root.oid} branchKey={lanes[0]?.partitionKey} />}
      <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2 pt-0.5">
        <StripLegend
          shading={shading}
          onShading={(next) => void setShading(next)}
          shade={shade}
          marks={marks}
        />
        {whole && <StripZoomControls zoom={zoom} whole={whole} nowMs={now.getTime()} onZoom={setZoom} />}
      </div>
      <Strip
        label={`Partitions of ${nameRelation(data.root)}`}
        lanes={lanes}
        now={now}
        shade={shade}
        zoom={zoom}
        onZoom={setZoom}
        onOpen={onOpen}
        onGap={(lane, gap) => {
          const between = gapEnds(gap);
          const { schema, name } = lane;
          if (between) plan({ request: { verb: "create", table: { schema, name }, between } });
        }}
        work={work}
        openName={openName}
        roomHeight={roomHeight}
      />
      {data.lanes.length > lanesAtFirst && (
        <Button variant="ghost" size="sm" className="justify-self-start" onClick={() => setAll(!all)}>
          {all ? `Show the first ${lanesAtFirst} branches` : `Show all ${data.lanes.length} branches`}
        </Button>
      )}
      <LaneFindings lanes={data.lanes} />
    </div>
  );
}
