import { expect, test } from "vitest";
import { placeProblems } from "./place-problems.ts";

const refused = (fields: Record<string, string>) => ({ message: "all of it", hint: "look", fields });

test("each problem stands at its field, what lies below one with where", () => {
  const paths = ["name", "controller.recipients", "controller.policies.a", "controller.policies.a.purposes"];
  const { at, rest } = placeProblems(
    refused({
      name: "is needed",
      "controller.recipients.0": "is needed",
      "controller.recipients.2": "is too long",
      "controller.policies.a.basis": "is none",
      "controller.policies.a.purposes.1": "is needed",
    }),
    paths,
  );
  expect(at).toEqual({
    name: "is needed",
    "controller.recipients": "line 1: is needed; line 3: is too long",
    "controller.policies.a": "basis: is none",
    "controller.policies.a.purposes": "line 2: is needed",
  });
  expect(rest).toBeNull();
});

test("what no field shows, and what names none, stands below", () => {
  expect(placeProblems(refused({ name: "is needed", version: "is none" }), ["name"])).toEqual({
    at: { name: "is needed" },
    rest: "all of it look",
  });
  expect(placeProblems(refused({ names: "is needed" }), ["name"]).at).toEqual({});
  expect(placeProblems({ message: "It was changed meanwhile." }, ["name"])).toEqual({
    at: {},
    rest: "It was changed meanwhile.",
  });
  expect(placeProblems(null, ["name"])).toEqual({ at: {}, rest: null });
});
