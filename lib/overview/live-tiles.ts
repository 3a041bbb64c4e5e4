import type { AuditDb } from "../audit-db/types.ts";
import { getServerConnections } from "../connections/get-server-connections.ts";
import { samplePartitionTotals } from "../partitions/sample-partitions.ts";
import { getReplicationStatus } from "../replication/get-replication-status.ts";
import { getDatabaseSize } from "../storage/get-database-size.ts";
import { estimateGrowth } from "../storage/growth.ts";
import type { TileSeries } from "./tile-series.ts";
import { trendOf } from "./trend.ts";
import type { Tile } from "./types.ts";

const secondsPerDay = 86_400;

/** Connections in use out of those an ordinary role can use, read now. */
export async function connectionsTile(audit: AuditDb, series: TileSeries): Promise<Tile> {
  const name = "connections.total";
  const { last: _, ...trend } = trendOf(series.now.series[name], series.before.series[name]);
  const { data, observedAt, source } = await getServerConnections(audit, { hideOwn: false });
  const { used, usable } = data.limits;
  return {
    id: "connections",
    title: "Connections",
    value: used,
    unit: "count",
    max: usable,
    note: `of ${usable} that can be used`,
    observedAt,
    source,
    series: name,
    ...trend,
    state: "ok",
    path: "connections",
  };
}

/** Days until the first lane of partitions ends, read now. */
export async function runwayTile(audit: AuditDb, series: TileSeries, now: Date): Promise<Tile> {
  const name = "partitions.runwaySeconds";
  const inDays = (points: TileSeries["now"]["series"][string] | undefined) =>
    (points ?? []).map(([at, seconds]): [number, number | null] => [
      at,
      seconds === null ? null : seconds / secondsPerDay,
    ]);
  const { last: _, ...trend } = trendOf(inDays(series.now.series[name]), inDays(series.before.series[name]));
  const { values } = await samplePartitionTotals(audit, now);
  const seconds = values[name] ?? null;
  const count = values["partitions.count"] ?? 0;
  return {
    id: "partitionRunway",
    title: "Partition runway",
    value: seconds === null ? null : seconds / secondsPerDay,
    unit: "days",
    max: null,
    note: count === 0 ? "no partitioned table" : `${count} partitions`,
    observedAt: now,
    source: "pg_inherits, pg_class.relpartbound",
    series: name,
    ...trend,
    state: seconds === null ? "unknown" : "ok",
    path: "partitions",
    ...(seconds === null && {
      unavailable: {
        code: "insufficient_data",
        reason:
          count === 0
            ? "The database has no partitioned table."
            : "No table is partitioned by time with an end in sight.",
      },
    }),
  };
}

/** Size of the database now; growth by day is the slope of the last week's sizes. */
export async function sizeTile(
  audit: AuditDb,
  series: TileSeries,
  week: TileSeries["now"]["series"][string],
): Promise<Tile> {
  const name = "storage.databaseBytes";
  const { last: _, ...trend } = trendOf(series.now.series[name], series.before.series[name]);
  const { data, observedAt, source } = await getDatabaseSize(audit);
  const { bytesPerDay } = estimateGrowth(week);
  return {
    id: "size",
    title: "Size",
    value: data.databaseBytes,
    unit: "bytes",
    max: null,
    note: bytesPerDay === null ? "growth not known yet" : growthText(bytesPerDay),
    observedAt,
    source,
    series: name,
    ...trend,
    state: "ok",
    path: "partitions",
  };
}

/** The most any standby (or this one) is behind, read now. */
export async function replicationTile(audit: AuditDb, series: TileSeries): Promise<Tile> {
  const name = "replication.maxLagSeconds";
  const { last: _, ...trend } = trendOf(series.now.series[name], series.before.series[name]);
  const { data, observedAt, source, unavailable } = await getReplicationStatus(audit);
  const seconds = data.maxLagSeconds;
  const nobody = data.role === "primary" && data.standbys.length === 0;
  return {
    id: "replicationLag",
    title: "Replication lag",
    value: seconds,
    unit: "seconds",
    max: null,
    note:
      data.role === "standby"
        ? "this is a standby"
        : nobody
          ? "no standby is connected"
          : `${data.standbys.length} connected`,
    observedAt,
    source,
    series: name,
    ...trend,
    state: seconds === null ? "unknown" : "ok",
    path: "replication",
    ...(unavailable
      ? { unavailable }
      : nobody && {
          unavailable: { code: "not_configured", reason: "No standby is connected to this server." },
        }),
  };
}

function growthText(bytesPerDay: number): string {
  const amount = Math.abs(bytesPerDay);
  const [divisor, unit] = amount >= 1e9 ? [1e9, "GB"] : amount >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  return `${bytesPerDay < 0 ? "shrinking" : "growing"} ${(amount / divisor).toFixed(1)} ${unit} a day`;
}
