import { z } from "zod";
import { instant, nullableNumber, nullableText, point, targetStatus, unavailable, unit } from "../parts.ts";

const finding = z
  .object({
    check: z.string(),
    severity: z.enum(["critical", "warning", "notice"]),
    title: z.string(),
    detail: z.string(),
    since: instant.optional(),
    path: z.string(),
    unavailable: unavailable.optional(),
  })
  .meta({ id: "Finding" });

const tile = z
  .object({
    id: z.enum([
      "connections",
      "commits",
      "hitRatio",
      "readLatency",
      "partitionRunway",
      "size",
      "replicationLag",
    ]),
    title: z.string(),
    value: nullableNumber,
    unit: z.union([unit, z.literal("days")]),
    max: nullableNumber,
    note: nullableText,
    observedAt: instant.nullable(),
    source: z.string(),
    series: nullableText,
    spark: z.array(point),
    average: nullableNumber,
    previousAverage: nullableNumber,
    change: nullableNumber,
    state: z.enum(["ok", "warning", "critical", "unknown"]),
    path: z.string(),
    unavailable: unavailable.optional(),
  })
  .meta({ id: "Tile" });

export const overviewAnswer = z
  .object({
    status: targetStatus,
    verdict: z.object({
      state: z.enum(["ok", "unknown", "notice", "warning", "critical", "down"]),
      title: z.string(),
      detail: z.string(),
      since: instant.nullable(),
    }),
    findings: z.array(finding),
    checked: z.array(z.string()),
    tiles: z.array(tile),
    collectingSince: instant.nullable(),
  })
  .meta({ id: "Overview" });

export const historyAnswer = z
  .object({
    series: z.record(z.string(), z.array(point)),
    units: z.record(z.string(), unit),
    stepSeconds: z.number(),
    collectingSince: instant.nullable(),
    observedAt: instant.nullable(),
  })
  .meta({ id: "SeriesHistory" });
