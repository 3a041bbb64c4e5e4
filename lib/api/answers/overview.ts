import { z } from "zod";
import {
  instant,
  mend,
  nullableNumber,
  nullableText,
  point,
  targetStatus,
  unavailable,
  unit,
} from "../parts.ts";

const limit = nullableNumber.meta({ description: "In the check's unit; null where there is none" });

const checkObject = z
  .union([
    z.object({ kind: z.literal("target") }),
    z.object({
      kind: z.literal("session"),
      pid: z.number(),
      backendStart: instant,
      name: z.string(),
    }),
    z.object({
      kind: z.literal("relation"),
      database: z.string(),
      schema: z.string(),
      name: z.string(),
      oid: z.number().optional(),
      part: z.string().optional(),
    }),
    z.object({ kind: z.string().meta({ description: "slot, standby, statement, …" }), name: z.string() }),
  ])
  .meta({ id: "CheckObject" });

const finding = z
  .object({
    key: z.string().meta({ description: "The same for as long as the condition lasts" }),
    check: z.string().meta({ description: "Id of the check, e.g. `connections.idle_in_transaction`" }),
    severity: z.enum(["critical", "warning", "notice"]),
    title: z.string(),
    detail: z.string(),
    mends: mend.optional(),
    object: checkObject.meta({
      description: "What it is about; the worst of them where it tells of several",
    }),
    objects: z.number().meta({ description: "How many objects it tells of" }),
    value: nullableNumber,
    unit: nullableText,
    threshold: z.object({ warning: limit, critical: limit }).nullable(),
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
      finding: nullableText.meta({ description: "Key of the finding it tells" }),
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
