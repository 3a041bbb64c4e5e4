import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { addJob } from "../../testing/jobs.ts";
import { left, type ScanWorld, startScanWorld } from "../../testing/scan-world.ts";
import { requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import { getScan } from "./get-scan.ts";
import { scanRequest } from "./scan-request.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  /** What no version of the server changes is shown on one. */
  const testOnce: (name: string, run: () => Promise<void>) => void = server === 18 ? test : () => {};
  let world: ScanWorld;
  beforeAll(async () => {
    world = await startScanWorld(server);
  });
  afterAll(() => world?.close());

  test("what is planted in each kind of place is found there, and is clean once it is gone", async () => {
    const { person, folder, log, redis, scanned, stateOf, verifying, removeEvents } = world;
    const row = await verifying();
    const clean = await scanned(row);
    expect(left(clean.places)).toEqual([]);
    expect(clean.listed).toBe(true);
    expect(await stateOf(row)).toBe("responding");
    const told = clean.places.map(({ kind }) => kind);
    for (const kind of [
      "target",
      "quarantine",
      "console",
      "jobs",
      "cache",
      "redis",
      "logs",
      "exports",
      "statements",
    ])
      expect(told).toContain(kind);
    // What nobody can look at is named with a ground, never called clean.
    for (const place of clean.places.filter(({ state }) => state === "found"))
      expect(place.ground).not.toBeNull();
    expect(clean.places).toContainEqual(
      expect.objectContaining({ where: "write-ahead log", sql: "CHECKPOINT;" }),
    );

    const { eu } = world.databases;
    const details = { note: `mailed ${person.toLowerCase()}` };
    await world.append("eu", "somebody", "minimal", 200, { details });
    await world.append("eu", "somebody", "standard", 20, { outcome: `sent to ${person}` });
    await world.append("eu", "somebody", "minimal", 201, { details, organizationId: "court" });
    await world.append("eu", "somebody", "unheard_of", 2, { details });
    await world.succeed(adminActions.placeHold, {
      name: "Case",
      reason: "a letter of the court",
      scope: { organizations: ["court"] },
    });
    await eu.sql`create table public.audit_log_old as select * from public.audit_log where organization_id = 'court'`;
    await eu.sql`grant select on public.audit_log_old to audit_reader`;
    await world.sql`
      insert into activity (id, at, actor_kind, actor_name, action, outcome, detail)
      values (gen_random_uuid(), now(), 'system', 'test', 'test.plant', 'success', ${`{"note": "${person}"}`}::text::jsonb)`;
    await world.sql`
      insert into activity (id, at, actor_kind, actor_name, action, target, outcome, detail)
      values (gen_random_uuid(), now(), 'system', 'test', 'events.export', 'eu', 'success', '{"bytes": 7, "rows": 1}')`;
    await world.sql`insert into sign_in_guesses (key, points) values (${person}, 1)`;
    await addJob(world.console, {
      name: "answers.drop",
      state: "done",
      finishedAt: new Date(),
      input: { tag: person },
    });
    await eu.sql`create extension if not exists pg_stat_statements`;
    // What is called once is thrown out first when files beside this one fill pg_stat_statements.
    for (let call = 0; call < 20; call++) await eu.sql.unsafe(`select 1 as "${person}"`);
    const session = postgres(eu.url, { max: 1 });
    await session.unsafe(`select 2 as "${person}"`);
    writeFileSync(log, `{"msg":"nothing"}\n{"msg":"${person}"}\n`);
    writeFileSync(path.join(folder, "exports", "events.csv.gz"), gzipSync(`id,who\n1,${person}\n`));
    await redis.redis.set("audit-db:planted", `{"who":"${person}"}`);
    await world.audit.eu.read({
      name: "test.answer",
      ttlMs: 60_000,
      source: "test",
      run: async () => person,
    });
    expect(world.audit.eu.stats().cache.entries).toBeGreaterThan(0);

    const again = await scanned(row);
    expect(again.listed).toBe(false);
    expect(await stateOf(row)).toBe("verifying");
    const found = (place: Partial<ScanPlace>) =>
      expect(left(again.places)).toContainEqual(expect.objectContaining({ state: "found", ...place }));
    found({
      kind: "target",
      found: 1,
      ground: null,
      where: expect.stringContaining("audit_log_minimal") as never,
    });
    found({
      kind: "target",
      found: 1,
      ground: "The floor of standard keeps it.",
      until: expect.stringMatching(/^20/) as never,
    });
    found({ kind: "target", found: 1, ground: expect.stringMatching(/^Legal hold #\d+\.$/) as never });
    found({ kind: "target", where: "public.audit_log_old", sql: "DROP TABLE public.audit_log_old;" });
    found({ kind: "quarantine", found: 1, ground: expect.stringContaining("unheard_of") as never });
    found({ kind: "console", where: "public.activity", ground: null });
    found({ kind: "console", where: "public.sign_in_guesses", ground: null });
    found({ kind: "jobs", where: "public.job", ground: null });
    found({
      kind: "statements",
      sql: expect.stringMatching(/^SELECT pg_stat_statements_reset\(\d+, \d+, -?\d+\);/) as never,
    });
    found({ kind: "statements", where: "pg_stat_activity" });
    found({ kind: "logs", where: log, found: 1, ground: null });
    found({ kind: "exports", where: path.join(folder, "exports", "events.csv.gz"), found: 1 });
    found({ kind: "redis", found: 1, ground: null });
    expect(again.places).toContainEqual(
      expect.objectContaining({
        kind: "exports",
        target: "eu",
        ground: expect.stringMatching(/^1 export of events/),
      }),
    );
    expect(JSON.stringify(again).toLowerCase()).not.toContain(person.toLowerCase());
    const kept = await world.sql`select checkpoint::text as text from job where name = 'privacy.scan'`;
    for (const { text } of kept) expect(text?.toLowerCase()).not.toContain(person.toLowerCase());

    await session.end();
    // Append-only: its owner alone takes something out.
    await world.sql`alter table activity disable trigger all`;
    await world.sql`delete from activity where action = 'test.plant'`;
    await world.sql`alter table activity enable trigger all`;
    await world.sql`delete from sign_in_guesses where key = ${person}`;
    await world.sql`delete from job where input ->> 'tag' = ${person}`;
    await eu.sql`drop table public.audit_log_old`;
    writeFileSync(log, "");
    rmSync(path.join(folder, "exports", "events.csv.gz"));
    await redis.redis.del("audit-db:planted");
    await removeEvents("details ->> 'note' is not null and organization_id = 'o'");
    const last = await scanned(row);
    expect(last.listed).toBe(true);
    expect(left(last.places).map(({ kind, ground }) => [kind, ground === null])).not.toContainEqual([
      expect.anything(),
      true,
    ]);
    expect(await stateOf(row)).toBe("responding");
    await removeEvents("details ->> 'note' is not null or outcome is not null");
    // As the scan says that its owner does.
    for (const { kind, sql } of last.places)
      if (kind === "statements" && sql) for (const line of sql.split("\n")) await eu.sql.unsafe(line);
    expect(left((await scanned(row)).places)).toEqual([]);
  }, 240_000);

  testOnce("a target that cannot be asked is unknown, and nothing is called clean for it", async () => {
    const { scanned, verifying } = world;
    const row = await verifying({ targets: ["eu", "us"] });
    const { sql } = world.databases.us;
    await sql`revoke select on audit_log from audit_reader`;
    const scan = await scanned(row);
    await sql`grant select on audit_log to audit_reader`;
    expect(scan.places.filter(({ state }) => state === "unknown")).toMatchObject([
      { target: "us", ground: expect.stringContaining("may not read") },
    ]);
    expect(scan.listed).toBe(false);
    expect(await requireRequest(world.console.db, row.id)).toMatchObject({
      state: "verifying",
      problem: "1 place could not be looked at",
    });
    expect((await scanned(row)).listed).toBe(true);
  });

  testOnce(
    "a scan that fails says so on its request, which goes on from there and counts again",
    async () => {
      const { person, stateOf, verifying, removeEvents } = world;
      const row = await verifying();
      const { eu } = world.databases;
      await world.append("eu", "somebody", "standard", 20, { outcome: `sent to ${person}` });
      await eu.sql`revoke select on retention_policy from audit_reader`;
      await world.succeed(scanRequest, { request: row.number });
      await world.settled();
      await eu.sql`grant select on retention_policy to audit_reader`;
      const failed = await requireRequest(world.console.db, row.id);
      expect(failed).toMatchObject({ state: "failed", resumesAt: "verifying", problem: expect.any(String) });
      expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "failed", listed: false });
      await world.sql`delete from job where state = 'failed'`;
      await world.succeed(adminActions.resumeRequest, { request: row.number });
      await world.settled();
      const scan = await getScan(world.console.db, row.number);
      expect(scan).toMatchObject({ state: "done", listed: true });
      expect(left(scan?.places ?? [])).toMatchObject([
        { found: 1, ground: "The floor of standard keeps it." },
      ]);
      expect(await stateOf(row)).toBe("responding");
      await removeEvents("outcome is not null");
    },
  );
});
