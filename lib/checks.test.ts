import { expect, test } from "vitest";
import { checks } from "./checks.ts";

const ids = checks.map(({ id }) => id);

test("each condition has an id of its own, in one spelling", () => {
  expect(ids.filter((id) => !/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/.test(id))).toEqual([]);
  expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
  const titles = checks.map(({ title }) => title);
  expect(titles.filter((title, place) => titles.indexOf(title) !== place)).toEqual([]);
});

test.each(checks.map((check) => [check.id, check] as const))(
  "%s says what it is and what to do",
  (_id, check) => {
    expect(check.title).toMatch(/^[A-Z].*[^.]$/);
    expect(check.runbook).toMatch(/^.{60,}\.$/s);
    expect(check.needs).toMatch(/^.+\.$/);
    expect(check.source).toMatch(/^.+[^.]$/);
    expect(check.why).toMatch(/^.{20,}\.$/s);
    expect(check.path).toMatch(/^[a-z]/);
  },
);

test("limits have a unit, lie the right way round, and are not both missing", () => {
  for (const { id, unit, thresholds } of checks) {
    if (!thresholds) continue;
    const { warning, critical, direction } = thresholds;
    expect([id, unit]).not.toEqual([id, null]);
    expect([id, warning ?? critical]).not.toEqual([id, null]);
    if (warning === null || critical === null) continue;
    expect([id, direction === "rising" ? critical > warning : critical < warning]).toEqual([id, true]);
  }
});

test("a check covers only checks that are there, and none covers another that covers it", () => {
  for (const { id, covers = [] } of checks) {
    for (const covered of covers) {
      expect(ids).toContain(covered);
      expect(checks.find((check) => check.id === covered)?.covers ?? []).not.toContain(id);
    }
  }
});

test("what guards the audit log, and whether anybody looks, is silenced by two administrators alone", () => {
  expect(
    checks
      .filter(({ guarded }) => guarded)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([
    "checks.blind",
    "checks.missed",
    "duties.stopped",
    "events.quarantined",
    "maintenance.checksum_failures",
    "maintenance.session_replication_role",
    "partitions.grant_drift",
    "partitions.guard_trigger",
    "partitions.rows_changed",
    "privacy.erasure_late",
    "privacy.erasure_stalled",
    "privacy.hold_waiting",
    "privacy.ledger_behind",
    "privacy.receipt_undelivered",
    "privacy.receipt_untrusted",
    "privacy.request_overdue",
    "privacy.request_scan_failed",
    "privacy.request_stalled",
    "privacy.request_unacknowledged",
  ]);
});
