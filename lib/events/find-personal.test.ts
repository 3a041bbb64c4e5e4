import { expect, test } from "vitest";
import { findPersonal } from "./find-personal.ts";

test("what looks like a person's is told by its place and kind, never by its text", () => {
  const details = {
    contact: { email: "erika@example.test" },
    from: "203.0.113.7",
    calls: ["none", "+49 30 1234567"],
    "erika@example.test": { account: "DE02 1203 0000 0000 2020 51" },
  };
  expect(findPersonal(details, "details")).toEqual([
    { path: "details.contact.email", kind: "e-mail address" },
    { path: "details.from", kind: "IP address" },
    { path: "details.calls[]", kind: "telephone number" },
    { path: "details.*", kind: "e-mail address" },
    { path: "details.*.account", kind: "IBAN" },
  ]);
});

test("versions, numbers and the servers of URLs are nobody's", () => {
  for (const text of [
    "1.2.3",
    "10.20.30.40.50",
    "http://127.0.0.1:8080/x",
    "https://192.0.2.1",
    "DE02",
    "+1",
  ])
    expect([text, findPersonal(text, "outcome")]).toEqual([text, []]);
});
