import { expect, test } from "vitest";
import type { AuditDb, EngineStats } from "../../audit-db/types.ts";
import { noCacheStats } from "../../testing/no-cache-stats.ts";
import type { InstanceReport } from "../types.ts";
import { createInstanceGrowth } from "./instance-growth.ts";

const audit = { target: "audit" } as AuditDb;
const began = new Date("2026-01-01T00:00:00Z");

function report(instanceId: string, hits: number, startedAt = new Date(began.getTime() - 60_000)) {
  const cache = { ...noCacheStats, hits };
  const engines: Record<string, EngineStats> = { audit: { pools: [], cache } };
  return {
    instanceId,
    kind: "web",
    host: "h",
    pid: 1,
    startedAt,
    heartbeatAt: began,
    silent: false,
    engines,
  } satisfies InstanceReport;
}

test("adds growth only: a process that was there before is a baseline, leaving and returning are no jumps", () => {
  const grow = createInstanceGrowth((engine) => ({ hits: engine.cache.hits }));
  const hits = (...reports: InstanceReport[]) => grow(audit, reports, began).values.hits;
  expect(hits(report("a", 1_000))).toBe(0);
  expect(hits(report("a", 1_010))).toBe(10);
  expect(hits(report("a", 1_020), report("b", 7, new Date(began.getTime() + 1)))).toBe(27);
  expect(hits(report("b", 8, began))).toBe(28);
  expect(hits(report("a", 1_025), report("b", 8, began))).toBe(33);
  expect(hits(report("c", 500))).toBe(33);
});

test("counts since the first look, and ignores processes without this target", () => {
  const grow = createInstanceGrowth((engine) => ({ hits: engine.cache.hits }));
  const elsewhere = { ...report("x", 5), engines: {} };
  expect(grow(audit, [elsewhere], began)).toEqual({ values: {}, since: began });
  expect(grow(audit, [report("a", 3, began)], new Date()).since).toEqual(began);
});
