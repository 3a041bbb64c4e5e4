"use client";

import { Time } from "@/components/ui/time.tsx";
import { formatBytes, formatNumber } from "@/lib/client/format.ts";
import type { LaneSpan } from "@/lib/partition-facts/types.ts";
import type { PartitionCell } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { lockInWords } from "./partition-lock.tsx";
import { boundInWords, coverageInWords } from "./partition-words.ts";
import type { StripStop } from "./strip-stops.ts";
import { gapEnds } from "./strip-stops.ts";

interface StripTooltipProps {
  stop: StripStop;
  /** Pixels in the strip's box. */
  x: number;
  y: number;
  boxWidth: number;
}

/** Bounds in UTC, rows, bytes and state of the cell under the pointer or the focus. */
export function StripTooltip({ stop, x, y, boxWidth }: StripTooltipProps) {
  const left = Math.min(Math.max(x, 8), Math.max(8, boxWidth - 8));
  const anchor = x < boxWidth / 3 ? "0" : x > (boxWidth * 2) / 3 ? "-100%" : "-50%";
  return (
    <div
      className="pointer-events-none absolute z-20 w-max max-w-80 rounded-md border border-hairline-strong bg-raised px-2.5 py-2 text-xs shadow-raised"
      style={{ left, top: y + 8, transform: `translateX(${anchor})` }}
    >
      {stop.kind === "gap" ? (
        <Gap gap={stop.gap} />
      ) : stop.placed.cells.length > 1 ? (
        <Many cells={stop.placed.cells} />
      ) : (
        stop.placed.cells.map((cell) => <One key={cell.oid} cell={cell} planned={stop.placed.planned} />)
      )}
    </div>
  );
}

function Gap({ gap }: { gap: LaneSpan }) {
  const [before, after] = gap.between;
  return (
    <>
      <p className="font-medium text-critical">No partition</p>
      <p className="text-ink">{gap.words}</p>
      {gap.path && <p className="text-muted">{gap.path}</p>}
      <p className="mt-1 text-muted">
        {gap.caughtBy ? `Its rows go to ${gap.caughtBy}` : "Its rows are refused"}
        {before && after && `. Between ${before} and ${after}`}
      </p>
      {gapEnds(gap) && <p className="mt-1 text-faint">Click to plan what is missing</p>}
    </>
  );
}

function One({ cell, planned }: { cell: PartitionCell; planned: boolean }) {
  return (
    <>
      <p className="font-medium break-all text-ink">{nameRelation(cell)}</p>
      <p className="text-muted">{coverageInWords(cell)}</p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 [&_dd]:text-right [&_dd]:font-medium [&_dt]:text-muted">
        <dt>Rows, estimated</dt>
        <dd>{formatNumber(cell.rowsEstimated)}</dd>
        <dt>Size{cell.bytesFrom === "estimated" && ", estimated"}</dt>
        <dd>{formatBytes(cell.bytes)}</dd>
        <dt>Dead rows</dt>
        <dd>{formatNumber(cell.deadRows)}</dd>
        <dt>Last vacuum</dt>
        <dd>{cell.lastVacuum ? <Time at={cell.lastVacuum} /> : "never"}</dd>
        {cell.leaves > 1 && (
          <>
            <dt>Partitions below</dt>
            <dd>{formatNumber(cell.leaves)}</dd>
          </>
        )}
      </dl>
      {planned && <p className="mt-1 text-muted">Prepared for rows to come</p>}
      {cell.detachPending && <p className="mt-1 text-warning">Detach begun, not finished</p>}
      {cell.lockedBy && <p className="mt-1 text-warning">{lockInWords(cell.lockedBy)}</p>}
    </>
  );
}

function Many({ cells }: { cells: readonly PartitionCell[] }) {
  const [first, last] = [cells[0], cells.at(-1)];
  const sum = (read: (cell: PartitionCell) => number | null) =>
    cells.reduce((all, cell) => all + (read(cell) ?? 0), 0);
  return (
    <>
      <p className="font-medium text-ink">{cells.length} partitions</p>
      {first?.from && last?.to && (
        <p className="text-muted">
          {boundInWords(first.from)} → {boundInWords(last.to)} UTC
        </p>
      )}
      <p className="mt-1 text-muted">
        {formatNumber(sum((cell) => cell.rowsEstimated))} rows estimated ·{" "}
        {formatBytes(sum((cell) => cell.bytes))} together
      </p>
      <p className="mt-1 text-faint">Click to zoom in</p>
    </>
  );
}
