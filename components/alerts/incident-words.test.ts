import { expect, test } from "vitest";
import { incidentHref, isUnattended, sinceOf, standing, whoHasIt } from "./incident-words.ts";

const at = (clock: string) => new Date(`2026-11-27T${clock}:00Z`);
const now = at("12:00").getTime();
const olga = { id: "1", name: "Olga" };
const nobody = { state: "open", assignee: null, acknowledged: null, snoozed: null, closed: null } as const;

test("who has it", () => {
  const words = (given: Partial<Parameters<typeof whoHasIt>[0]>) =>
    whoHasIt({ ...nobody, ...given }, now, "utc");
  const acknowledged = { by: "Piotr", at: at("11:00"), until: null };
  const snoozed = { by: "Piotr", until: at("14:30") };
  expect([
    words({}),
    words({ assignee: olga }),
    words({ state: "acknowledged", acknowledged }),
    words({ state: "acknowledged", acknowledged, assignee: olga }),
    words({ state: "acknowledged", acknowledged: { ...acknowledged, by: "Olga" }, assignee: olga }),
    words({ state: "snoozed", snoozed }),
    words({ state: "closed", closed: { by: "Olga", at: at("11:30"), reason: null } }),
    words({ state: "closed", closed: { by: null, at: at("11:30"), reason: null } }),
  ]).toEqual([
    "Nobody has it",
    "Assigned to Olga",
    "Acknowledged by Piotr",
    "Acknowledged by Piotr · assigned to Olga",
    "Acknowledged by Olga",
    "Snoozed until 14:30 by Piotr",
    "Closed by Olga",
    "Closed by itself",
  ]);
});

test("its mark is its severity only while it fires, and its time that of what it is now", () => {
  const line = { severity: "critical", firedAt: at("09:00"), normalSince: null, closed: null } as const;
  const resolved = { ...line, normalSince: at("10:00") };
  const closed = { ...resolved, closed: { by: null, at: at("10:30"), reason: null } };
  expect([
    [
      standing({ ...line, state: "acknowledged", condition: "firing" }),
      sinceOf({ ...line, condition: "firing" }),
    ],
    [
      standing({ ...line, state: "open", condition: "normal" }),
      sinceOf({ ...resolved, condition: "normal" }),
    ],
    [
      standing({ ...line, state: "closed", condition: "normal" }),
      sinceOf({ ...closed, condition: "normal" }),
    ],
  ]).toEqual([
    [{ state: "critical", word: "critical" }, at("09:00")],
    [{ state: "ok", word: "resolved" }, at("10:00")],
    [{ state: "unknown", word: "closed" }, at("10:30")],
  ]);
});

test("it waits for somebody only while it fires and nobody said that they have it", () => {
  expect([
    isUnattended({ state: "open", condition: "firing" }),
    isUnattended({ state: "open", condition: "normal" }),
    isUnattended({ state: "acknowledged", condition: "firing" }),
  ]).toEqual([true, false, false]);
});

test("its address names target and number", () => {
  expect(incidentHref({ target: "eu west", number: 12 })).toBe("/eu%20west/alerts/12");
});
