import { expect, test } from "vitest";
import type { SharedContents, StatementCacheStats } from "../audit-db/cache/types.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { InstanceReport } from "../collector/types.ts";
import { replaceEnv } from "../env.ts";
import { noCacheStats } from "../testing/no-cache-stats.ts";
import { getCacheContents } from "./get-cache-contents.ts";

const now = new Date("2026-01-01T12:00:00Z");
const statement = (name: string, figures: Partial<StatementCacheStats>): StatementCacheStats => ({
  name,
  entries: 0,
  bytes: 0,
  hits: 0,
  sharedHits: 0,
  misses: 0,
  costMs: null,
  ...figures,
});

function report(id: string, ...statements: StatementCacheStats[]): InstanceReport {
  const engines = { audit: { pools: [], cache: { ...noCacheStats, statements } } };
  return {
    instanceId: id,
    kind: "web",
    host: "h",
    pid: 1,
    startedAt: now,
    heartbeatAt: now,
    silent: false,
    engines,
  };
}

async function contentsOf(reports: InstanceReport[], shared?: SharedContents) {
  const audit = { target: "audit", sharedContents: async () => shared } as unknown as AuditDb;
  const { data } = await getCacheContents({ audit, instances: async () => reports, now });
  return { ...data, byName: Object.fromEntries(data.statements.map((row) => [row.name, row])) };
}

test("adds processes up; what a run costs is weighed by how often each ran it", async () => {
  const contents = await contentsOf([
    report("a", statement("caches.io", { entries: 2, bytes: 20, hits: 30, misses: 3, costMs: 10 })),
    report(
      "b",
      statement("caches.io", { entries: 1, bytes: 5, hits: 10, sharedHits: 5, misses: 1, costMs: 50 }),
    ),
    { ...report("gone", statement("caches.io", { entries: 9, hits: 900 })), silent: true },
  ]);
  expect(contents).toMatchObject({ processes: 2, shared: "not_configured" });
  expect(contents.byName["caches.io"]).toEqual({
    name: "caches.io",
    topic: "caches",
    entries: 3,
    bytes: 25,
    sharedEntries: null,
    sharedBytes: null,
    hits: 40,
    sharedHits: 5,
    misses: 4,
    costMs: 20,
    savedMs: 900,
  });
});

test("what never ran costs nobody knows what, and saved nobody knows how much", async () => {
  const { byName } = await contentsOf([report("a", statement("caches.io", { sharedHits: 5 }))]);
  expect(byName["caches.io"]).toMatchObject({ sharedHits: 5, costMs: null, savedMs: null });
});

test("the second level's part is known, not all of it, or cannot be asked", async () => {
  replaceEnv({ REDIS_URL: "redis://127.0.0.1:1" });
  const reports = [report("a", statement("caches.io", { entries: 1 }))];
  const shared = { statements: [{ name: "queries.status", entries: 4, bytes: 400 }], truncated: false };
  const counted = await contentsOf(reports, shared);
  expect(counted.shared).toBe("counted");
  expect(counted.byName["caches.io"]).toMatchObject({ sharedEntries: 0, sharedBytes: 0 });
  expect(counted.byName["queries.status"]).toMatchObject({ entries: 0, sharedEntries: 4, sharedBytes: 400 });
  expect((await contentsOf(reports, { ...shared, truncated: true })).shared).toBe("part");
  const away = await contentsOf(reports);
  expect(away.shared).toBe("away");
  expect(away.byName["caches.io"]).toMatchObject({ sharedEntries: null, sharedBytes: null });
  replaceEnv({});
});
