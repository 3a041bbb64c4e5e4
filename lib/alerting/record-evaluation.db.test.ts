import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Check } from "../check.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { evaluateFound, type Found, foundCheck } from "../testing/evaluate.ts";
import { keepIncidents } from "./keep-incidents.ts";

let console: TestDatabase;
beforeAll(async () => {
  console = await createDatabase({ template: "console" });
});
afterAll(() => console?.drop());
beforeEach(
  () => console.sql`
  truncate check_state, check_evaluation, check_threshold, alert, alert_span, incident, incident_event restart identity cascade`,
);

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds));
const idle = foundCheck("connections.idle");
const patient = foundCheck("connections.patient", { for: 60, keepFiringFor: 120 });

const round = (seconds: number, ...found: Omit<Found, "at">[]) =>
  evaluateFound(
    console.sql,
    "t",
    found.map((one) => ({ ...one, at: at(seconds) })),
  );
const keep = (seconds: number, checks: readonly Check[] = [idle, patient]) =>
  keepIncidents({ sql: console.sql, checks, missedAfterMs: 110_000, clock: () => at(seconds).getTime() });

/** Object, condition, severity and the incident's number of each alert. */
const alerts = async () => {
  const rows = await console.sql`
    select object->>'name' as name, alert.condition, alert.severity, number::int from alert
    left join incident on incident.id = incident_id order by alert.check_id, object_key`;
  return rows.map(({ name, condition, severity, number }) => [name, condition, severity, number]);
};
const incidents = async () => {
  const rows = await console.sql`
    select number::int, condition, state, severity, firing, telling, version from incident order by number`;
  return rows.map((row) => Object.values(row));
};
const told = async (number = 1) => {
  const rows = await console.sql`
    select kind from incident_event join incident on incident.id = incident_id where number = ${number} order by seq`;
  return rows.map(({ kind }) => kind);
};

describe("one round after another", () => {
  test("an object that turns bad opens an incident; fine again it is normal, and closed by the clock after 30 minutes", async () => {
    await round(0, { check: idle, objects: [["a", "ok"]] });
    expect(await alerts()).toEqual([]);
    await round(30, { check: idle, objects: [["a", "warning", 400]] });
    expect(await alerts()).toEqual([["a", "firing", "warning", 1]]);
    expect(await incidents()).toEqual([[1, "firing", "open", "warning", 1, 1, 1]]);
    await round(60, { check: idle, objects: [["a", "ok", 1]] });
    expect(await alerts()).toEqual([["a", "normal", null, 1]]);
    expect(await incidents()).toEqual([[1, "normal", "open", "warning", 0, 1, 2]]);
    expect(await keep(60 + 1_799)).toEqual({ closed: 0, returned: 0, missed: 0 });
    expect(await keep(60 + 1_800)).toEqual({ closed: 1, returned: 0, missed: 0 });
    expect(await incidents()).toEqual([[1, "normal", "closed", "warning", 0, 1, 3]]);
    expect(await told()).toEqual(["opened", "resolved", "closed"]);
    expect(await console.sql`select severity, fired_at, ended_at, peak from alert_span`).toEqual([
      { severity: "warning", fired_at: at(30), ended_at: at(60), peak: 400 },
    ]);
  });

  test("objects of one check are one incident: a second one and a graver one are told anew, a look that changes nothing is not", async () => {
    await round(0, { check: idle, objects: [["a", "warning", 400]] });
    await round(30, { check: idle, objects: [["a", "warning", 430]] });
    expect(await incidents()).toEqual([[1, "firing", "open", "warning", 1, 1, 1]]);
    await round(60, {
      check: idle,
      objects: [
        ["a", "warning"],
        ["b", "warning"],
      ],
    });
    expect(await incidents()).toEqual([[1, "firing", "open", "warning", 2, 2, 2]]);
    await round(90, {
      check: idle,
      objects: [
        ["a", "critical"],
        ["b", "warning"],
      ],
    });
    expect(await incidents()).toEqual([[1, "firing", "open", "critical", 2, 3, 3]]);
    // Gone from a complete answer: it ends as any other.
    await round(120, { check: idle, objects: [["b", "warning"]] });
    expect(await incidents()).toEqual([[1, "firing", "open", "warning", 1, 3, 4]]);
    expect(await told()).toEqual([
      "opened",
      "object_joined",
      "severity_rose",
      "object_left",
      "severity_fell",
    ]);
  });

  test("fires again within half an hour: the same incident; later a new one", async () => {
    await round(0, { check: idle, objects: [["a", "warning"]] });
    await round(30, { check: idle, objects: [] });
    await round(1_800, { check: idle, objects: [["a", "warning"]] });
    expect(await incidents()).toEqual([[1, "firing", "open", "warning", 1, 2, 3]]);
    await round(1_830, { check: idle, objects: [] });
    // Its fourth change within the hour is flapping, told once.
    expect(await incidents()).toEqual([[1, "normal", "open", "warning", 0, 3, 4]]);
    // The duty is late: the round closes it and begins anew.
    await round(1_830 + 1_800, { check: idle, objects: [["a", "warning"]] });
    expect(await incidents()).toEqual([
      [1, "normal", "closed", "warning", 0, 3, 5],
      [2, "firing", "open", "warning", 1, 1, 1],
    ]);
    expect(await told()).toEqual(["opened", "resolved", "refired", "resolved", "flapping", "closed"]);
  });

  test("patience: it fires once it was bad for so long, ends once it was fine for so long, and a person's word counts", async () => {
    await round(0, { check: patient, objects: [["a", "warning"]] });
    await round(59, { check: patient, objects: [["a", "warning"]] });
    expect(await alerts()).toEqual([["a", "pending", "warning", null]]);
    await round(60, { check: patient, objects: [["a", "warning"]] });
    expect(await alerts()).toEqual([["a", "firing", "warning", 1]]);
    await round(90, { check: patient, objects: [["a", "ok"]] });
    await round(209, { check: patient, objects: [["a", "ok"]] });
    expect(await alerts()).toEqual([["a", "recovering", "warning", 1]]);
    await round(210, { check: patient, objects: [["a", "ok"]] });
    expect(await alerts()).toEqual([["a", "normal", null, 1]]);
    await console.sql`
      insert into check_threshold (check_id, target, limits, for_seconds, set_by_name)
      values (${patient.id}, 't', '{"warning": 300, "critical": 900}', 0, 'Ada')`;
    await round(240, { check: patient, objects: [["b", "warning"]] });
    expect(await alerts()).toEqual([
      ["a", "normal", null, 1],
      ["b", "firing", "warning", 1],
    ]);
  });

  test("what was bad for less than its time leaves no trace", async () => {
    await round(0, { check: patient, objects: [["a", "warning"]] });
    await round(30, { check: patient, objects: [["a", "ok"]] });
    expect([await alerts(), await incidents()]).toEqual([[], []]);
  });

  test("checks that share a cause share an incident, and one of them alone does not end it", async () => {
    const [one, other] = ["a.one", "a.other"].map((id) => foundCheck(id, { cause: "lost standby" }));
    if (!one || !other) throw new Error("two checks are made");
    await round(
      0,
      { check: one, objects: [["a", "warning"]] },
      { check: other, objects: [["b", "critical"]] },
    );
    await round(30, { check: one, objects: [["a", "ok"]] }, { check: other, objects: [["b", "critical"]] });
    expect(await incidents()).toEqual([[1, "firing", "open", "critical", 1, 1, 2]]);
  });

  test("what stood of a check that is no more is over", async () => {
    await round(0, { check: idle, objects: [["a", "warning"]] });
    await round(30, { check: patient, objects: [] });
    expect(await incidents()).toEqual([[1, "normal", "open", "warning", 0, 1, 2]]);
  });
});

describe("what cannot be seen", () => {
  test.each([
    ["a look that failed", { failed: "Too slow." }, "error", "Too slow."],
    ["a target that is down", { down: true }, "error", "The audit database cannot be asked."],
    ["no figures", { objects: [["a", "no_data"]] }, "no_data", "a cannot be seen."],
    [
      "an answer that is not complete",
      { objects: [["b", "ok"]], complete: false },
      "no_data",
      "The answer was not complete and did not name it.",
    ],
  ] as const)(
    "%s leaves it firing, not confirmed since the last answer, and not told",
    async (_, seen, state, reason) => {
      await round(0, { check: idle, objects: [["a", "warning"]] });
      await round(30, { check: idle, ...(seen as Partial<Found>) });
      await round(60, { check: idle, ...(seen as Partial<Found>) });
      const [row] = await console.sql`
      select alert.condition, unconfirmed, alert.unconfirmed_since, incident.unconfirmed_since as of, telling, version
      from alert join incident on incident.id = incident_id`;
      expect(row).toEqual({
        condition: "firing",
        unconfirmed: { state, reason },
        unconfirmed_since: at(0),
        of: at(0),
        telling: 1,
        version: 1,
      });
      await round(90, { check: idle, objects: [["a", "warning"]] });
      expect(await told()).toEqual(["opened", "unconfirmed", "confirmed"]);
      expect(await console.sql`select unconfirmed_since from incident`).toEqual([
        { unconfirmed_since: null },
      ]);
    },
  );

  test("what nobody evaluates is marked by the clock, and what recovered before is over by it", async () => {
    await round(
      0,
      { check: idle, objects: [["a", "warning"]] },
      { check: patient, objects: [["b", "warning"]] },
    );
    await round(
      60,
      { check: idle, objects: [["a", "warning"]] },
      { check: patient, objects: [["b", "warning"]] },
    );
    await round(90, { check: idle, objects: [["a", "warning"]] }, { check: patient, objects: [["b", "ok"]] });
    expect(await keep(199)).toMatchObject({ missed: 0 });
    expect(await keep(201)).toMatchObject({ missed: 1 });
    expect(
      await console.sql`select unconfirmed, unconfirmed_since from alert where check_id = ${idle.id}`,
    ).toEqual([
      {
        unconfirmed: { state: "error", reason: "No worker has evaluated it since." },
        unconfirmed_since: at(90),
      },
    ]);
    await keep(230);
    expect(await alerts()).toEqual([
      ["a", "firing", "warning", 1],
      ["b", "normal", null, 2],
    ]);
  });

  test("failures in a row are counted from when it last judged: no figures too, what is unavailable and an outage not", async () => {
    const counted = async () => {
      const [row] = await console.sql`select answered_at, replied_at, failures from check_evaluation`;
      return [row?.answered_at, row?.replied_at, row?.failures];
    };
    await round(0, { check: idle, failed: "No." });
    expect(await counted()).toEqual([null, null, 1]);
    await round(30, { check: idle, objects: [["a", "ok"]] });
    expect(await counted()).toEqual([at(30), at(30), 0]);
    await round(60, { check: idle, objects: [["a", "no_data"]] });
    await round(90, { check: idle, failed: "No." });
    await round(120, { check: idle, down: true });
    expect(await counted()).toEqual([at(30), at(60), 2]);
    await round(150, { check: idle, objects: [["a", "unavailable"]], complete: false });
    expect(await counted()).toEqual([at(30), at(150), 0]);
  });
});

describe("faults", () => {
  test("a leader that was deposed and wakes up changes nothing of alerts", async () => {
    await round(60, { check: idle, objects: [["a", "warning"]] });
    await round(30, {
      check: idle,
      objects: [
        ["a", "ok"],
        ["b", "critical"],
      ],
    });
    expect(await alerts()).toEqual([["a", "firing", "warning", 1]]);
    expect(await incidents()).toEqual([[1, "firing", "open", "warning", 1, 1, 1]]);
  });

  test("two leaders at once open one incident, and a round whose transaction fails leaves nothing", async () => {
    const found: Omit<Found, "at"> = { check: idle, objects: [["a", "warning"]] };
    await Promise.all([round(0, found), round(1, found), round(2, found)]);
    expect(await incidents()).toEqual([[1, "firing", "open", "warning", 1, 1, 1]]);
    await console.sql`alter table incident_event add constraint broken check (kind <> 'object_joined') not valid`;
    try {
      const both: Omit<Found, "at"> = {
        check: idle,
        objects: [
          ["a", "warning"],
          ["b", "critical"],
        ],
      };
      await expect(round(30, both)).rejects.toThrow(/broken/);
      expect(await console.sql`select object_key from check_state`).toEqual([{ object_key: "database:a" }]);
      expect(await alerts()).toEqual([["a", "firing", "warning", 1]]);
    } finally {
      await console.sql`alter table incident_event drop constraint broken`;
    }
  });

  test("an incident whose row somebody deleted: its alert gets another in the next round, seen or not, and no more", async () => {
    const found: Omit<Found, "at"> = { check: idle, objects: [["a", "warning", 400]] };
    await round(0, found);
    await console.sql`delete from incident`;
    expect(await alerts()).toEqual([["a", "firing", "warning", null]]);
    await round(30, found);
    await round(60, found);
    expect(await incidents()).toEqual([[2, "firing", "open", "warning", 1, 1, 1]]);
    expect([await alerts(), await told(2)]).toEqual([[["a", "firing", "warning", 2]], ["opened"]]);
    await console.sql`delete from incident`;
    await round(90, { check: idle, failed: "Too slow." });
    await round(120, found);
    expect(await incidents()).toEqual([[3, "firing", "open", "warning", 1, 1, 1]]);
    await round(150, { check: idle, objects: [] });
    expect(await incidents()).toEqual([[3, "normal", "open", "warning", 0, 1, 2]]);
  });

  test("the clock is put back: rounds go on, nothing is told twice, and half an hour begins anew", async () => {
    const ahead = (seconds: number) => new Date(Date.now() + 86_400_000 + seconds * 1_000);
    const look = (when: Date, objects: Found["objects"]) =>
      evaluateFound(console.sql, "t", [{ check: idle, at: when, ...(objects && { objects }) }]);
    await look(ahead(0), [["a", "warning"]]);
    await look(ahead(30), []);
    // A day back, to the time that the database has.
    const now = new Date();
    await look(now, []);
    expect(await console.sql`select evaluated_at from check_evaluation`).toEqual([{ evaluated_at: now }]);
    const kept = (ms: number) =>
      keepIncidents({
        sql: console.sql,
        checks: [idle],
        missedAfterMs: 1e9,
        clock: () => now.getTime() + ms,
      });
    expect(await kept(1_000)).toMatchObject({ closed: 0 });
    expect(await console.sql`select normal_since from incident`).toEqual([
      { normal_since: new Date(now.getTime() + 1_000) },
    ]);
    expect(await kept(1_801_000)).toMatchObject({ closed: 1 });
    expect(await incidents()).toEqual([[1, "normal", "closed", "warning", 0, 1, 3]]);
  });
});
