"use client";

import { Time } from "@/components/ui/time.tsx";
import { formatBytes, formatNumber } from "@/lib/client/format.ts";
import type { PartitionCell } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { lockInWords } from "./partition-lock.tsx";
import { boundInWords, coverageInWords } from "./partition-words.ts";
import type { PlacedCell } from "./strip-geometry.ts";

interface StripTooltipProps {
  placed: PlacedCell;
  /** Pixels in the strip's box. */
  x: number;
  y: number;
  boxWidth: number;
}

/** Bounds in UTC, rows, bytes and state of the cell under the pointer or the focus. */
export function StripTooltip({ placed, x, y, boxWidth }: StripTooltipProps) {
  const left = Math.min(Math.max(x, 8), Math.max(8, boxWidth - 8));
  const anchor = x < boxWidth / 3 ? "0" : x > (boxWidth * 2) / 3 ? "-100%" : "-50%";
  const [first] = placed.cells;
  if (!first) return null;
  return (
    <div
      className="pointer-events-none absolute z-20 w-max max-w-80 rounded-md border border-hairline-strong bg-raised px-2.5 py-2 text-xs shadow-raised"
      style={{ left, top: y + 8, transform: `translateX(${anchor})` }}
    >
      {placed.cells.length === 1 ? (
        <One cell={first} planned={placed.planned} />
      ) : (
        <Many cells={placed.cells} />
      )}
    </div>
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
