import { expect, test } from "vitest";
import { emptyHold, holdOf } from "./hold-draft.ts";

const written = { ...emptyHold, name: "2026/114", reason: "court order of 3 November" };

test("a hold without bounds covers everything, and needs its case and why", () => {
  expect(holdOf(written)).toEqual({ name: "2026/114", reason: "court order of 3 November", scope: {} });
  expect(holdOf({ ...written, name: " " })).toBeNull();
  expect(holdOf({ ...written, reason: "" })).toBeNull();
});

test("lists are told apart by commas, days are UTC, and an end before its beginning is no hold", () => {
  expect(
    holdOf({
      ...written,
      person: " u-1 ",
      target: "audit",
      organizations: "acme, , other",
      actions: "user.login",
      from: "2026-01-01",
      to: "2026-02-01",
    }),
  ).toMatchObject({
    person: "u-1",
    scope: {
      targets: ["audit"],
      organizations: ["acme", "other"],
      actions: ["user.login"],
      from: "2026-01-01T00:00:00Z",
      to: "2026-02-01T00:00:00Z",
    },
  });
  expect(holdOf({ ...written, from: "2026-02-01", to: "2026-02-01" })).toBeNull();
});
