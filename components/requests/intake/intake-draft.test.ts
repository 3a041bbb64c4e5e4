import { expect, it } from "vitest";
import { emptyIntake, intakeOf } from "./intake-draft.ts";

it("asks for nothing while nobody is named", () => {
  expect(intakeOf(emptyIntake, "utc")).toBeNull();
  expect(intakeOf({ ...emptyIntake, identifiers: [{ key: 0, kind: "id", value: "  " }] }, "utc")).toBeNull();
});

it("leaves out what is left open", () => {
  const identifiers = [
    { key: 0, kind: "id" as const, value: " p-17 " },
    { key: 1, kind: "email" as const, value: "" },
  ];
  expect(intakeOf({ ...emptyIntake, identifiers }, "utc")).toEqual({
    kind: "access",
    person: { identifiers: [{ kind: "id", value: "p-17" }], name: null, contact: null, letter: null },
  });
});

it("sends what was written, the time in the zone that it was typed in", () => {
  const draft = {
    ...emptyIntake,
    kind: "erasure" as const,
    identifiers: [{ key: 0, kind: "email" as const, value: "p@example.test" }],
    name: "Paula P",
    organizations: "clinic-1, clinic-2,",
    targets: ["eu"],
    regime: "uk" as const,
    receivedAt: "2026-11-01T09:30",
    reference: " T-114 ",
  };
  expect(intakeOf(draft, "utc")).toMatchObject({
    kind: "erasure",
    regime: "uk",
    organizations: ["clinic-1", "clinic-2"],
    targets: ["eu"],
    receivedAt: "2026-11-01T09:30:00.000Z",
    reference: "T-114",
    person: { name: "Paula P" },
  });
  expect(intakeOf({ ...draft, receivedAt: "yesterday" }, "utc")).toBeNull();
});
