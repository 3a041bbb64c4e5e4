import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { gap } from "../partitions/check-bounds.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge } from "../testing/judge.ts";
import { createTestVault, type TestVault } from "../testing/vault.ts";
import { backfillDemo } from "./backfill.ts";
import { daysOf, historySpan, pastDay } from "./history.ts";
import { markDemoDatabase } from "./own-database.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** Two of thirteen: how many events the whole history has is counted without writing it. */
const months = 2;
let database: TestDatabase;
let audit: AuditDb;
let keys: TestVault;
let dataDir: string;

beforeAll(async () => {
  [database, keys] = await Promise.all([
    createDatabase({ server: 18, template: "audit" }),
    createTestVault(),
  ]);
  const [watch, write, maintenance] = [
    await database.login(["pg_monitor"]),
    await database.login(["audit_writer"]),
    await database.login(["audit_maintainer"]),
  ];
  audit = connect({ target: "demo", urls: { watch, write, maintenance }, logger: silent, vault: keys.vault });
  dataDir = mkdtempSync(path.join(tmpdir(), "audit-demo-"));
});

afterAll(async () => {
  await audit.close();
  await Promise.all([database.drop(), keys.drop()]);
  rmSync(dataDir, { recursive: true });
});

// Plain arithmetic, but seconds of it: too slow to stand among the unit tests.
test.each(["2027-03-01T00:00:01Z", "2028-02-29T23:59:59Z"])(
  "the thirteen months before %s hold between 300,000 and 450,000 events",
  (text) => {
    const other = historySpan(new Date(text));
    const events = daysOf(other).reduce((sum, day) => sum + pastDay(day, other).length, 0);
    expect(events).toBeGreaterThan(300_000);
    expect(events).toBeLessThan(450_000);
  },
);

test("it refuses a database that it did not make, marked or not, and writes nothing", async () => {
  const refusal = { code: "FORBIDDEN", hint: expect.stringContaining("DEMO=off") };
  const now = new Date();
  await expect(backfillDemo({ audit, dataDir, now })).rejects.toMatchObject(refusal);
  await markDemoDatabase(database.sql);
  await expect(backfillDemo({ audit, dataDir, now })).rejects.toMatchObject(refusal);
  await giveFolder();
  await database.sql.unsafe(`comment on database ${database.name} is 'audit-db-dashboard demo 123'`);
  await expect(backfillDemo({ audit, dataDir, now })).rejects.toMatchObject(refusal);
  expect(await count()).toBe(0);
});

test("cut off in the middle it goes on where it was and writes nothing twice", async () => {
  await markDemoDatabase(database.sql);
  const cut = new AbortController();
  const onProgress = ({ day }: { day: number }) => day > 20 && cut.abort();
  const now = new Date();
  const span = historySpan(now, months);
  const dayOf = (at: number) => pastDay(daysOf(span)[at] as Date, span).length;
  const whole = daysOf(span).reduce((sum, _, at) => sum + dayOf(at), 0);
  const first = await backfillDemo({ audit, dataDir, now, months, signal: cut.signal, onProgress });
  expect(first).toBe(await count());
  expect(first).toBeGreaterThan(
    daysOf(span)
      .slice(0, 20)
      .reduce((sum, _, at) => sum + dayOf(at), 0),
  );
  expect(first).toBeLessThan(whole);

  const second = await backfillDemo({ audit, dataDir, now: new Date(), months });
  const total = await count();
  expect(total).toBe(whole);
  expect(first + second).toBe(total);
  expect(await database.sql`select count(*)::int as n from audit_quarantine`).toEqual([{ n: 0 }]);

  const [estimate] = await database.sql`
    select sum(reltuples)::int as rows, bool_and(relallvisible >= relpages - 1) as visible,
           (select last_analyze is not null from pg_stat_all_tables where relname = 'audit_log') as parent
    from pg_class where relname like 'audit\\_log\\_%' and relkind = 'r' and relpages > 0`;
  expect(estimate).toEqual({ rows: total, visible: true, parent: true });

  const [people] = await database.sql`
    select count(*) filter (where actor_token is not null and actor_personal is null)::int as bare,
           count(*) filter (where leaf_version <> 2)::int as leafless, count(distinct actor_token)::int as actors
    from audit_log`;
  expect(people).toMatchObject({ bare: 0, leafless: 0 });
  expect(people?.actors).toBeGreaterThan(800);

  const gaps = await judge(gap, audit);
  const [year, month] = [span.from.getUTCFullYear(), span.from.getUTCMonth()];
  const monthAt = (back: number) =>
    new Date(Date.UTC(year, month - back, 1)).toISOString().slice(0, 7).replace("-", "_");
  expect(gaps.objects.filter(({ state }) => state === "warning").map(({ words }) => words.detail)).toEqual([
    `Rows of that stretch are refused. It lies between audit_log_confidential_${monthAt(2)} and audit_log_confidential_${monthAt(0)}; create the missing partition.`,
  ]);

  expect(await backfillDemo({ audit, dataDir, now: new Date(), months })).toBe(0);
}, 300_000);

/** As if the test's server lay in this data folder. */
async function giveFolder(): Promise<void> {
  const [row] = await database.sql`select current_setting('data_directory') as directory`;
  symlinkSync(row?.directory as string, path.join(dataDir, "audit"));
}

async function count(): Promise<number> {
  const [row] = await database.sql`select count(*)::int as n from audit_log`;
  return row?.n as number;
}
