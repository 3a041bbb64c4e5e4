import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditDb } from "../audit-db/types.ts";
import { findingsOf } from "../testing/look.ts";
import { type Partitioned, startPartitioned } from "../testing/partitioned.ts";
import { partitionsChecks } from "./checks.ts";
import { getPartitionLanes } from "./get-lanes.ts";

const now = new Date("2024-03-15T12:00:00Z");
async function partitionFindings(audit: AuditDb, at: Date) {
  await audit.dropAnswers({ tags: ["*"] });
  return findingsOf(partitionsChecks, { audit, now: at });
}

describe.each([15, 18] as const)("partition findings on PostgreSQL %i", (server) => {
  let world: Partitioned;
  let audit: AuditDb;

  beforeAll(async () => {
    world = await startPartitioned(server);
    audit = world.open();
  });
  afterAll(() => world?.close());

  test("a partition under somebody's AccessExclusiveLock is shown with who holds it, and stalls nothing", async () => {
    const { database, open } = world;
    // One engine that has seen the bounds; a new cache behind it stands for the time that passes.
    let behind = open();
    const remembering: AuditDb = { ...behind, read: (statement) => behind.read(statement) };
    const table = { schema: "public", root: "ledger" };
    await getPartitionLanes(remembering, table, now);
    const holder = postgres(database.url, { max: 1, connection: { application_name: "report-worker" } });
    const held = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const holding = holder.begin(async (sql) => {
      await sql`lock table ledger_a_2 in access exclusive mode`;
      held.resolve();
      await done.promise;
    });
    await held.promise;
    try {
      const fresh = open();
      const { data } = await getPartitionLanes(fresh, table, now);
      const cell = data.lanes[0]?.cells.find((c) => c.name === "ledger_a_2");
      expect(cell).toMatchObject({
        bytesFrom: "estimated",
        bounds: null,
        lockedBy: { application: "report-worker", granted: true },
      });
      expect(data.lanes[0]).toMatchObject({ unknownBounds: 1, gaps: [], runway: null });
      expect(data.lanes[0]?.cells).toHaveLength(4);
      const findings = await partitionFindings(fresh, now);
      expect(findings.find((f) => f.check === "partitions.runway" && f.unavailable)?.title).toMatch(
        /runway of ledger \(a, it's\) cannot be judged/,
      );
      behind = open();
      const again = await getPartitionLanes(remembering, table, now);
      expect(again.data.lanes[0]?.cells.find((c) => c.name === "ledger_a_2")).toMatchObject({
        from: "2024-02-01T00:00:00.000Z",
        lockedBy: { granted: true },
      });
      expect(again.data.lanes[0]).toMatchObject({ unknownBounds: 0, gaps: [] });
    } finally {
      done.resolve();
      await holding;
      await holder.end();
    }
  });

  test("findings name the gap, the short runway and the default's rows, the worst kind for each", async () => {
    const { database } = world;
    const findings = await partitionFindings(audit, now);
    const of = (check: string) => findings.filter((f) => f.check === check);
    expect(of("partitions.gap")).toMatchObject([{ severity: "warning", path: "partitions" }]);
    expect(of("partitions.gap")[0]?.title).toContain("1 Feb 2024 to 1 Mar 2024 UTC");
    expect(of("partitions.gap")[0]?.mends).toEqual({
      words: "Create the missing partitions",
      request: {
        verb: "create",
        table: { schema: "public", name: "ledger_b" },
        between: { from: "2024-02-01 00:00:00+00", to: "2024-03-01 00:00:00+00" },
      },
    });
    expect(of("partitions.default_rows")).toMatchObject([
      { mends: { request: { verb: "repair", partition: { schema: "public" } } } },
    ]);
    const runways = [...of("partitions.current"), ...of("partitions.runway")].map((f) => [
      f.severity,
      f.title,
    ]);
    expect(runways).toEqual(
      expect.arrayContaining([
        ["critical", expect.stringMatching(/^empty_parent has no partition for the present/)],
        ["warning", "ledger (a, it's) has partitions for another 16 d 12 h, 0.5 partitions of one month."],
        ["critical", "daily has partitions for another 12 h, 0.5 partitions of one day."],
      ]),
    );
    for (const { mends } of [...of("partitions.current"), ...of("partitions.runway")])
      expect(mends).toMatchObject({ words: "Create the next partitions", request: { verb: "create" } });
    const relations = [{ schema: "public", name: "ledger" }];
    expect(of("partitions.parent_analyzed")).toMatchObject([
      { severity: "warning", mends: { request: { verb: "maintain", work: "analyze", relations } } },
    ]);
    await database.sql`analyze ledger`;
    const after = await partitionFindings(audit, now);
    expect(after.filter((f) => f.check === "partitions.parent_analyzed")).toEqual([]);
    const month = new Date(Date.now() + 31 * 86_400_000);
    const later = await partitionFindings(audit, month);
    expect(later.find((f) => f.check === "partitions.parent_analyzed")).toMatchObject({
      severity: "critical",
    });
  });

  test("a detach that was begun and interrupted is pending until it is finalized", async () => {
    const { database, open } = world;
    const reader = postgres(database.url, { max: 1 });
    const reading = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const held = reader.begin(async (sql) => {
      await sql`select count(*) from ledger_b`;
      reading.resolve();
      await done.promise;
    });
    await reading.promise;
    const detacher = postgres(database.url, { max: 1 });
    await detacher`set statement_timeout = '700ms'`;
    await expect(
      detacher.unsafe("alter table ledger_b detach partition ledger_b_4 concurrently"),
    ).rejects.toThrow();
    done.resolve();
    await held;
    const { data } = await getPartitionLanes(open(), { schema: "public", root: "ledger" }, now);
    expect(data.lanes[1]?.cells.find((c) => c.detachPending)?.name).toBe("ledger_b_4");
    expect(data.lanes[1]?.runway?.until).toBe("2024-04-01T00:00:00.000Z");
    const findings = await partitionFindings(audit, now);
    const pending = findings.find((f) => f.check === "partitions.detach_pending");
    expect(pending?.detail).toContain("DETACH PARTITION public.ledger_b_4 FINALIZE");
    expect(pending?.mends).toEqual({
      words: "Finish the detach",
      request: { verb: "finalize", partition: { schema: "public", name: "ledger_b_4" } },
    });
    await database.sql.unsafe("alter table ledger_b detach partition ledger_b_4 finalize");
    await database.sql.unsafe("drop table ledger_b_4");
    await Promise.all([reader.end(), detacher.end()]);
  });

  test("what is mended is found no more", async () => {
    const found = async () => {
      const findings = await partitionFindings(audit, now);
      return findings
        .filter(({ unavailable }) => !unavailable)
        .map(({ check, title }) => `${check}: ${title}`);
    };
    expect(await found()).not.toEqual([]);
    const months = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2024, 3 + i)).toISOString());
    const make = (parent: string, from = "", to = "") =>
      `create table ${parent}_${from.slice(0, 7).replace("-", "_")} partition of ${parent}
       for values from ('${from}') to ('${to}');`;
    await world.database.sql.unsafe(
      `
      truncate ledger_a_default;
      ${months.slice(1).map((to, i) => make("ledger_a", months[i], to) + make("ledger_b", months[i], to))}
      create table ledger_b_2 partition of ledger_b for values from ('2024-02-01 00:00+00') to ('2024-03-01 00:00+00');
      create table daily_2 partition of daily for values from ('2024-03-16') to ('2024-06-16');
      create table empty_parent_1 partition of empty_parent for values from ('2024-01-01') to ('2026-01-01');
      create table "Odd.Schema"."e.3" partition of "Odd.Schema"."Epoch ""quoted""" for values from (1711670400) to (1800000000);
    `.replaceAll(";,", ";"),
    );
    expect(await found()).toEqual([]);
  });
});
