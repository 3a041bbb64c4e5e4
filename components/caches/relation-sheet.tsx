"use client";

import { ShareBar } from "@/components/charts/bar-list.tsx";
import { Button } from "@/components/ui/button.tsx";
import { neighbours, Sheet } from "@/components/ui/sheet.tsx";
import type { RelationCacheHits } from "@/lib/buffers/types.ts";
import { formatExact, formatRatio, formatValue } from "@/lib/client/format.ts";
import { allHits, allReads, relationKey, sizeOf } from "./relation-columns.tsx";

interface RelationSheetProps {
  rows: readonly RelationCacheHits[];
  open: string | null;
  onOpen: (key: string | null) => void;
  /** How many there are; `rows` may be the first of them. */
  total: number;
  /** Shows partitions one by one; undefined where they are shown. */
  onSplit: (() => void) | undefined;
}

/** One table or index: where its blocks were found, part by part. */
export function RelationSheet({ rows, open, onOpen, total, onSplit }: RelationSheetProps) {
  const row = rows.find((each) => relationKey(each) === open) ?? null;
  const steps = neighbours(
    rows,
    (each) => relationKey(each) === open,
    (each) => onOpen(relationKey(each)),
  );
  return (
    <Sheet
      open={open !== null}
      onClose={() => onOpen(null)}
      title={row?.name ?? open ?? ""}
      description={row ? describe(row) : "Not in this list"}
      {...steps}
    >
      {!row && (
        <div className="grid justify-items-start gap-3 text-sm text-muted">
          <p>
            It was dropped or renamed
            {onSplit && ", or is a partition and counted under its table"}
            {total > rows.length &&
              `, or comes later than the first ${rows.length} of ${total} in this order`}
            .
          </p>
          {onSplit && <Button onClick={onSplit}>Show partitions one by one</Button>}
        </div>
      )}
      {row && (
        <div className="grid gap-5">
          <p>
            <span className="text-2xl font-semibold tracking-tight">{formatRatio(row.share)}</span>{" "}
            <span className="text-sm text-muted">
              of {formatValue(allHits(row) + allReads(row), "count")} blocks found in shared_buffers
            </span>
          </p>
          <Part label={row.kind === "table" ? "Table itself" : "Index"} hits={row.hits} reads={row.reads} />
          {row.indexHits !== null && (
            <Part label="Its indexes" hits={row.indexHits} reads={row.indexReads ?? 0} />
          )}
          {row.toastHits !== null && (
            <Part label="Its TOAST" hits={row.toastHits} reads={row.toastReads ?? 0} />
          )}
          <p className="text-sm text-muted">
            {sizeOf(row) === null
              ? "Its size is not known before its first vacuum or analyze."
              : `${formatExact(row.sizeBytes, "bytes")} as of its last vacuum or analyze.`}{" "}
            A block read past shared_buffers may still have come from the system's cache.
          </p>
        </div>
      )}
    </Sheet>
  );
}

function describe(row: RelationCacheHits): string {
  const parts = [row.schema];
  if (row.table) parts.push(`index of ${row.table}`);
  if (row.partitions !== null) parts.push(`${row.partitions} partitions added up`);
  if (row.partitionRoot) parts.push(`partition of ${row.partitionRoot}`);
  return parts.join(" · ");
}

function Part({ label, hits, reads }: { label: string; hits: number; reads: number }) {
  return (
    <section className="grid gap-1.5">
      <h3 className="text-sm font-medium">{label}</h3>
      {hits + reads === 0 ? (
        <p className="text-sm text-muted">Never asked for since the counters began.</p>
      ) : (
        <ShareBar
          label={label}
          unit="count"
          parts={[
            { key: "hits", label: "blocks found", value: hits },
            { key: "reads", label: "blocks read", value: reads },
          ]}
        />
      )}
    </section>
  );
}
