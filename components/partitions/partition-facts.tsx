import type { ReactNode } from "react";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatExact, formatRatio, formatValue } from "@/lib/client/format.ts";
import type { PartitionRow } from "@/lib/partitions/types.ts";
import { PartitionLock } from "./partition-lock.tsx";

/** What is known about one partition (or all below it, added up). */
export function PartitionFacts({ rows }: { rows: readonly PartitionRow[] }) {
  const [first] = rows;
  const sum = (read: (row: PartitionRow) => number | null) =>
    rows.reduce<number | null>((all, row) => {
      const value = read(row);
      return value === null ? all : (all ?? 0) + value;
    }, null);
  if (!first) return <p className="text-sm text-muted">It has no partitions that hold rows.</p>;
  const live = sum((row) => row.rowsEstimated);
  const dead = sum((row) => row.deadRows);
  const share = live !== null && dead !== null && live + dead > 0 ? dead / (live + dead) : null;
  return (
    <>
      <dl className="grid grid-cols-[9rem_1fr] gap-x-4 gap-y-1.5 text-sm [&_dt]:text-muted">
        {rows.length > 1 && <Fact label="Partitions below">{rows.length}</Fact>}
        <Fact label="Rows, estimated">{formatExact(live, "count")}</Fact>
        <Fact label="Dead rows">
          {formatValue(dead, "count")}
          {share !== null && <span className="text-faint"> · {formatRatio(share)} of all</span>}
        </Fact>
        {rows.length === 1 && (
          <>
            <Fact label="Last vacuum">
              <Visit at={first.lastVacuum} automatic={first.lastVacuumAutomatic} />
            </Fact>
            <Fact label="Last analyze">
              <Visit at={first.lastAnalyze} automatic={first.lastAnalyzeAutomatic} />
            </Fact>
          </>
        )}
        <Fact label="Written">
          {formatValue(
            sum((row) => row.inserted),
            "count",
          )}{" "}
          inserted,{" "}
          {formatValue(
            sum((row) => row.updated),
            "count",
          )}{" "}
          updated,{" "}
          {formatValue(
            sum((row) => row.deleted),
            "count",
          )}{" "}
          deleted
        </Fact>
        <Fact label="Read">
          {formatValue(
            sum((row) => row.seqScans),
            "count",
          )}{" "}
          sequential scans,{" "}
          {formatValue(
            sum((row) => row.indexScans),
            "count",
          )}{" "}
          index scans
        </Fact>
        {first.lockedBy && (
          <Fact label="Lock">
            <PartitionLock lock={first.lockedBy} />
          </Fact>
        )}
      </dl>
      {first.detachPending && (
        <p className="text-sm text-warning">
          A detach was begun and not finished: its rows no longer show in the parent until it is finalized.
        </p>
      )}
      {rows.length === 1 && first.bounds && (
        <section className="grid gap-1">
          <h3 className="text-sm font-medium">Bounds as the server prints them, in UTC</h3>
          <SqlBlock sql={first.isDefault ? first.bounds : `FOR VALUES ${first.bounds}`} label="Copy bounds" />
        </section>
      )}
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Visit({ at, automatic }: { at: Date | null; automatic: boolean }) {
  if (!at) return "never since the counters began";
  return (
    <>
      <Time at={at} /> <span className="text-faint">{automatic ? "by autovacuum" : "by hand"}</span>
    </>
  );
}
