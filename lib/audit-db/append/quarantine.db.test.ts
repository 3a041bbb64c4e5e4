import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { connect } from "../connect.ts";
import { removeFence, setFence } from "../schema/fence.ts";
import type { AuditDb } from "../types.ts";
import type { EventInput } from "./event-schema.ts";
import { listQuarantine } from "./list-quarantine.ts";
import { replayQuarantine } from "./replay-quarantine.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const event = (more: Partial<EventInput> = {}): EventInput => ({
  organizationId: "org-1",
  action: "record.viewed",
  status: "success",
  details: { amount: 1.5, note: "ünï" },
  ...more,
});

describe.each([15, 18] as const)("quarantine on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    audit = connect({
      target: "audit",
      urls: {
        watch: await database.login(["pg_monitor"]),
        read: await database.login(["audit_reader"]),
        write: await database.login(["audit_writer"]),
        maintenance: await database.login(["audit_maintainer"]),
      },
      logger: silent,
    });
  });

  afterAll(async () => {
    await audit.close();
    await database.drop();
  });

  const rowText = async (table: "audit_log" | "audit_quarantine", id: string) =>
    (
      await database.sql`
        select (to_jsonb(event) - 'xact_id' - 'reason' - 'quarantined_at' - 'resolved_at' - 'resolution')::text as text
        from ${database.sql(table)} event where id = ${id}`
    )[0]?.text;

  test("lists what waits with its reason; replay moves it byte for byte once the cause is gone", async () => {
    const [early] = await audit.append([event({ occurredAt: new Date("2002-02-02T00:00:00Z") })]);
    const [unknown] = await audit.append([event({ retentionPolicy: "gone" })]);
    const listed = await listQuarantine(audit);
    expect(listed.map(({ id, reason }) => [id, reason])).toEqual([
      [early?.id, "no_partition"],
      [unknown?.id, "unknown_policy"],
    ]);
    const waiting = [
      { id: early?.id, outcome: "waiting", reason: "no_partition" },
      { id: unknown?.id, outcome: "waiting", reason: "unknown_policy" },
    ];
    expect(await replayQuarantine(audit)).toEqual(waiting);
    await database.sql`
      create table audit_log_standard_2002_02 partition of audit_log_standard
      for values from ('2002-02-01 00:00:00+00') to ('2002-03-01 00:00:00+00')`;
    const before = await rowText("audit_quarantine", early?.id ?? "");
    expect(await replayQuarantine(audit)).toEqual([{ id: early?.id, outcome: "stored" }, waiting[1]]);
    expect(await rowText("audit_log", early?.id ?? "")).toBe(before);
    expect(await replayQuarantine(audit, [early?.id ?? ""])).toEqual([]);
    expect(
      await audit.append([event({ id: early?.id, occurredAt: new Date("2002-02-02T00:00:00Z") })]),
    ).toEqual([{ ...early, outcome: "duplicate", reason: undefined }].map(({ reason: _, ...rest }) => rest));
  });

  test("two replays at once move each event once", async () => {
    const month =
      "create table audit_log_standard_2003_03 partition of audit_log_standard for values from ('2003-03-01 00:00:00+00') to ('2003-04-01 00:00:00+00')";
    const events = Array.from({ length: 100 }, () => event({ occurredAt: new Date("2003-03-03T00:00:00Z") }));
    const waiting = await audit.append(events);
    await database.sql.unsafe(month);
    const replayed = (await Promise.all([replayQuarantine(audit), replayQuarantine(audit)])).flat();
    const stored = replayed.filter(({ outcome }) => outcome === "stored").map(({ id }) => id);
    expect(stored.toSorted()).toEqual(waiting.map(({ id }) => id).toSorted());
  });

  test("a fence holds what is under way: an insert from before ends first, later ones wait in quarantine", async () => {
    const now = new Date();
    const fence = {
      retentionPolicy: "minimal",
      lower: new Date(now.getTime() - 3_600_000),
      upper: new Date(now.getTime() + 3_600_000),
      reason: "being archived",
    };
    const late = () => event({ retentionPolicy: "minimal", occurredAt: now });
    const open = await database.sql.reserve();
    await open`begin`;
    await open`
      insert into audit_log select ${"01939d0a-0000-7000-8000-0000000000ff"}::uuid, ${now}, ${now}, 'o', 'a', 'success', null, null, null,
        null, 1, 'PUBLIC', 'minimal', null, '{}', null, null, pg_current_xact_id(), null, null, null, null, 0, ''`;
    let fenced = false;
    const fencing = setFence(audit, fence).then(() => {
      fenced = true;
    });
    await expect
      .poll(async () => (await database.sql`select from audit_fence`).length, { interval: 10 })
      .toBe(1);
    await expect
      .poll(
        async () =>
          (await database.sql`select from pg_locks where mode = 'ShareLock' and not granted`).length,
      )
      .toBeGreaterThan(0);
    expect(fenced).toBe(false);
    await open`commit`;
    open.release();
    await fencing;
    const [waiting] = await audit.append([late()]);
    expect(waiting).toMatchObject({ outcome: "quarantined", reason: "fenced" });
    expect(await removeFence(audit, fence)).toBe(true);
    expect(await replayQuarantine(audit, [waiting?.id ?? ""])).toEqual([
      { id: waiting?.id, outcome: "stored" },
    ]);
  });
});
