"use client";

import { ShareBar } from "@/components/charts/bar-list.tsx";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { formatValue } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { PartitionRow } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { PartitionFacts } from "./partition-facts.tsx";
import { parseRelation } from "./partition-inputs.ts";
import { PartitionPlans } from "./partition-plans.tsx";
import { coverageInWords } from "./partition-words.ts";

interface PartitionSheetProps {
  /** As `qualify` writes it; null when closed. */
  name: string | null;
  onClose: () => void;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
}

/** One partition: what it covers and holds, who visited it, its growth, its SQL name. */
export function PartitionSheet({ name, onClose, onPrevious, onNext }: PartitionSheetProps) {
  const wanted = parseRelation(name) ?? { schema: "public", name: name ?? "?" };
  const read = useRead("partition", wanted, { enabled: name !== null });
  const rows = read.previous ? undefined : read.data;
  const [only] = rows?.length === 1 ? rows : [];
  return (
    <Sheet
      open={name !== null}
      onClose={onClose}
      aged={read.aged}
      title={nameRelation(wanted)}
      description={
        only ? `${coverageInWords(only)}${only.branch && ` · ${only.root} ${only.branch}`}` : wanted.schema
      }
      onPrevious={onPrevious}
      onNext={onNext}
      footer={only && <PartitionPlans row={only} />}
    >
      {read.error && !rows ? (
        <p className="text-sm text-critical">{read.error.message}</p>
      ) : !rows ? (
        <Skeleton className="h-64" />
      ) : (
        <div className="grid gap-5">
          <SizeParts rows={rows} />
          <PartitionFacts rows={rows} />
          {only && <Growth schema={only.schema} name={only.name} />}
        </div>
      )}
    </Sheet>
  );
}

function SizeParts({ rows }: { rows: readonly PartitionRow[] }) {
  const sum = (read: (row: PartitionRow) => number | null) =>
    rows.reduce((all, row) => all + (read(row) ?? 0), 0);
  const total = sum((row) => row.totalBytes);
  const known = rows.some((row) => row.totalBytes !== null);
  return (
    <section aria-label="Size" className="grid gap-2">
      <p className="text-2xl font-semibold tracking-tight">
        {known ? formatValue(total, "bytes") : "size not known"}
        {rows.some((row) => row.bytesFrom === "estimated") && (
          <span className="ml-2 text-sm font-normal text-muted">estimated while locked</span>
        )}
      </p>
      {known && (
        <ShareBar
          label="Size by part"
          unit="bytes"
          parts={[
            { key: "table", label: "Table", value: sum((row) => row.tableBytes) },
            { key: "index", label: "Indexes", value: sum((row) => row.indexBytes) },
            { key: "toast", label: "TOAST", value: sum((row) => row.toastBytes) },
          ]}
        />
      )}
    </section>
  );
}

function Growth({ schema, name }: { schema: string; name: string }) {
  const range = useTimeRange();
  const read = useRead("partitionHistory", { schema, name, range: range.input });
  const { data } = read;
  const points = data?.series.bytes?.filter(([, value]) => value !== null).length ?? 0;
  return (
    <section className="grid gap-1">
      <h3 className="text-sm font-medium">Size over the page's range</h3>
      {!data ? (
        <Skeleton className="h-40" />
      ) : points < 2 ? (
        <p className="text-sm text-muted">
          Too few samples in this range: sizes are recorded every ten minutes for the 200 largest partitions.
        </p>
      ) : (
        <LineChart
          history={data}
          label={`Size of ${name}`}
          height={170}
          series={[{ name: "bytes", label: "size" }]}
          legend={false}
        />
      )}
    </section>
  );
}
