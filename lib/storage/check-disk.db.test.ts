import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { History, Point } from "../collector/types.ts";
import { replaceEnv } from "../env.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge } from "../testing/judge.ts";
import { diskFull, diskUsed } from "./check-disk.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const now = new Date("2026-03-10T12:00:00Z");
const dayMs = 86_400_000;
const databases: Partial<
  Record<15 | 18, { database: TestDatabase; audit: AuditDb; plain: AuditDb; used: number }>
> = {};

beforeAll(async () => {
  for (const server of [15, 18] as const) {
    const database = await createDatabase({ server, template: "empty" });
    const watch = async (groups: string[]) =>
      connect({ target: "eu", urls: { watch: await database.login(groups) }, logger: quiet });
    const [row] = await database.sql<{ used: number }[]>`
      select (pg_tablespace_size('pg_default') + pg_tablespace_size('pg_global')
              + (select sum(size) from pg_ls_waldir()))::float8 as used`;
    databases[server] = {
      database,
      audit: await watch(["pg_monitor"]),
      plain: await watch([]),
      used: row?.used ?? 0,
    };
  }
});
afterEach(() => replaceEnv({}));
afterAll(async () => {
  for (const each of Object.values(databases)) {
    await Promise.all([each.audit.close(), each.plain.close()]);
    await each.database.drop();
  }
});

const on = (server: 15 | 18) => {
  const found = databases[server];
  if (!found) throw new Error("not started");
  return found;
};
const configure = (bytes?: number) =>
  replaceEnv({
    AUDIT_DATABASES: JSON.stringify({
      eu: { database_url: "postgres://h/a", ...(bytes && { disk_capacity_bytes: Math.round(bytes) }) },
    }),
  });

/** Sizes of every hour of the last days, growing by so much a day. */
const growing = (days: number, bytesPerDay: number): History =>
  ({
    totals: async (target: string, [name = ""]: string[], range: { from: Date; to: Date }) => {
      expect([target, name, range.to, range.from]).toEqual([
        "eu",
        "storage.databaseBytes",
        now,
        new Date(now.getTime() - 7 * dayMs),
      ]);
      const points = Array.from(
        { length: days * 24 + 1 },
        (_, hour): Point => [
          now.getTime() - days * dayMs + hour * 3_600_000,
          1e9 + (hour / 24) * bytesPerDay,
        ],
      );
      return {
        series: { [name]: points },
        units: {},
        stepSeconds: 3_600,
        collectingSince: new Date(0),
        observedAt: now,
      };
    },
  }) as unknown as History;

test.each([15, 18] as const)(
  "on %i, unless somebody says how large the disk is, that is what is asked for",
  async (server) => {
    configure();
    for (const check of [diskUsed, diskFull])
      expect(await judge(check, on(server).audit, { now })).toMatchObject({
        complete: false,
        objects: [
          {
            state: "unavailable",
            unavailable: {
              code: "not_configured",
              enable: expect.stringContaining("AUDIT_DISK_CAPACITY_BYTES"),
            },
          },
        ],
      });
  },
);

test.each([15, 18] as const)("on %i what databases and WAL take counts against the disk", async (server) => {
  const { audit, used } = on(server);
  configure(1e12);
  const [asked] = (await judge(diskUsed, audit, { now })).objects;
  const usedNow = (asked?.value ?? 0) * 1e12;
  // Other files' databases come and go on the shared server.
  expect(usedNow).toBeGreaterThan(used / 3);
  expect(usedNow).toBeLessThan(used * 3);
  for (const [share, state] of [
    [0.89, "ok"],
    [0.91, "warning"],
    [0.99, "critical"],
    [0.5, "ok"],
  ] as const) {
    configure(usedNow / share);
    const answer = await judge(diskUsed, audit, { now, kept: true });
    expect(answer).toMatchObject({
      complete: true,
      objects: [
        { object: { kind: "tablespace", name: "pg_default" }, state, value: expect.closeTo(share, 4) },
      ],
    });
    expect(answer.objects[0]?.words.title).toMatch(
      /^PostgreSQL fills \d+\.\d % of its disk \([\d.,]+ GB of [\d.,]+ GB\)\.$/,
    );
  }
});

test.each([15, 18] as const)("on %i who may not ask for sizes is told the grant", async (server) => {
  configure(1e12);
  expect(await judge(diskUsed, on(server).plain, { now })).toMatchObject({
    complete: false,
    objects: [
      {
        state: "unavailable",
        unavailable: { code: "no_grant", enable: expect.stringMatching(/^GRANT pg_monitor TO login_\w+;$/) },
      },
    ],
  });
});

test.each([
  [15, 40, "ok"],
  [15, 20, "warning"],
  [18, 20, "warning"],
  [18, 5, "critical"],
] as const)("on %i a disk with room for %d days is %s, with its date", async (server, days, state) => {
  const { audit } = on(server);
  // A terabyte a day, so that what other files do on the shared server does not move the day.
  configure(days * 1e12);
  const answer = await judge(diskFull, audit, { now, history: growing(7, 1e12) });
  expect(answer).toMatchObject({ complete: true, objects: [{ state, value: expect.closeTo(days, 1) }] });
  const day = { 40: "19 Apr 2026", 20: "30 Mar 2026", 5: "15 Mar 2026" }[days];
  expect(answer.objects[0]?.words.title).toContain(`The disk will be full on ${day} (in `);
  expect(answer.objects[0]?.words.title).toContain("at 1,000 GB a day.");
});

test("less than a day of sizes is no trend, and a database that shrinks fills no disk", async () => {
  const { audit } = on(18);
  configure(1e12);
  expect(await judge(diskFull, audit, { now, history: growing(0.5, 1e12) })).toMatchObject({
    complete: false,
    objects: [
      {
        state: "unavailable",
        unavailable: { code: "insufficient_data", reason: "Needs a day of collected sizes; there are 12 h." },
      },
    ],
  });
  expect(await judge(diskFull, audit, { now, history: growing(3, -1e9) })).toMatchObject({
    complete: true,
    objects: [{ state: "ok", value: null }],
  });
});
