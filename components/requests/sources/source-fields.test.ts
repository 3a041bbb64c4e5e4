import { expect, test } from "vitest";
import { fieldsOfLines, linesOfFields } from "./source-fields.ts";

test("lines say where things stand, and come back as they were", () => {
  const fields = { reference: "/ticket/id", "identifier.email": "/ticket/requester/a:b" };
  expect(fieldsOfLines(`\n${linesOfFields(fields)}\n\n`)).toEqual({ fields });
  expect(fieldsOfLines("  kind :  /ticket/kind  ")).toEqual({ fields: { kind: "/ticket/kind" } });
  expect(linesOfFields(undefined)).toBe("");
});

test("a line that says nothing we know is named, never left out", () => {
  for (const [text, problem] of [
    ["reference: /a\nticket: /b", /^Line 2: “ticket” is no field\. Fields: kind, /],
    ["/ticket/id", /^Line 1: “\/ticket\/id” is no field/],
    ["\nreference:", /^Line 2: reference needs a JSON pointer/],
    ["reference", /^Line 1: reference needs a JSON pointer/],
    ["reference: ticket.id", /^Line 1: reference needs a JSON pointer/],
    ["reference: /a\nreference: /b", /^Line 2: reference stands twice/],
  ] as const)
    expect(fieldsOfLines(text)).toEqual({ problem: expect.stringMatching(problem) });
});
