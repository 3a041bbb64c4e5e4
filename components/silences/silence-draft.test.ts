import { expect, test } from "vitest";
import { guardedSilenceOf, type SilenceDraft, silenceOf } from "./silence-draft.ts";

const incident = { id: "01900000-0000-7000-8000-000000000000" };
const draft: SilenceDraft = {
  target: "audit",
  matchers: [{ key: 1, label: "check", is: "=", value: " connections.used " }],
  reason: " Ticket AUD-1 ",
  end: "60",
  at: "",
  guarded: false,
};
const about = {
  target: "audit",
  matchers: [{ label: "check", is: "=", value: "connections.used" }],
  reason: "Ticket AUD-1",
};

test("a draft is what the verb takes once every condition has a value, a reason is given and it has an end", () => {
  expect(silenceOf(draft, null, "utc")).toEqual({ ...about, minutes: 60 });
  expect(silenceOf({ ...draft, reason: " " }, null, "utc")).toBeNull();
  expect(
    silenceOf({ ...draft, matchers: [{ key: 1, label: "check", is: "=", value: " " }] }, null, "utc"),
  ).toBeNull();
  expect(silenceOf({ ...draft, end: "at" }, null, "utc")).toBeNull();
  expect(silenceOf({ ...draft, end: "at", at: "2026-03-01T10:00" }, null, "utc")).toEqual({
    ...about,
    endsAt: new Date("2026-03-01T10:00:00Z"),
  });
});

test("until resolved takes the incident it was begun from", () => {
  expect(silenceOf({ ...draft, end: "resolved" }, incident, "utc")).toEqual({
    ...about,
    incident: incident.id,
    untilResolved: true,
  });
  expect(silenceOf({ ...draft, end: "resolved" }, null, "utc")).toBeNull();
});

test("one of what guards ends within a day", () => {
  expect(guardedSilenceOf({ ...draft, end: "1440" }, null, "utc")).toEqual({ ...about, minutes: 1_440 });
  for (const end of ["10080", "at", "resolved"] as const)
    expect(guardedSilenceOf({ ...draft, end, at: "2026-03-01T10:00" }, incident, "utc")).toBeNull();
});
