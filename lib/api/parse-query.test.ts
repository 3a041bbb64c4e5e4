import { expect, test } from "vitest";
import { z } from "zod";
import type { AppError } from "../errors.ts";
import { parseQuery } from "./parse-query.ts";

const schema = z.object({ limit: z.coerce.number().int().optional(), order: z.string().optional() });

function refused(query: string): Record<string, string> | undefined {
  try {
    parseQuery(schema, new URLSearchParams(query));
  } catch (thrown) {
    const { code, fields } = thrown as AppError;
    expect(code).toBe("BAD_INPUT");
    return fields;
  }
  return undefined;
}

test("takes what the schema names", () => {
  expect(parseQuery(schema, new URLSearchParams("limit=5&order=asc"))).toEqual({ limit: 5, order: "asc" });
  expect(parseQuery(schema, new URLSearchParams())).toEqual({});
});

test.each(["limt", "__proto__", "constructor", "toString", "hasOwnProperty"])("refuses %s", (name) => {
  expect(Object.entries(refused(`${name}=1`) ?? {})).toEqual([[name, "unknown; there are: limit, order"]]);
});

test("names every bad parameter at once", () => {
  expect(refused("limit=x&order=asc&order=desc&more=1")).toEqual({
    limit: expect.stringContaining("number"),
    order: "given more than once",
    more: "unknown; there are: limit, order",
  });
});
