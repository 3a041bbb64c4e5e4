import fc from "fast-check";
import { expect, it } from "vitest";
import { colouredSql } from "./coloured-sql.ts";

it("gives the text back whole, whatever it is", () => {
  fc.assert(
    fc.property(fc.string(), (sql) => {
      expect(
        colouredSql(sql)
          .map((t) => t.text)
          .join(""),
      ).toBe(sql);
    }),
  );
});

it("tells keywords, strings, parameters and comments apart", () => {
  const tokens = colouredSql("select a, 'it''s' from \"select\" where b = $1 and c > 1.5 -- why");
  const of = (kind: string) => tokens.filter((t) => t.kind === kind).map((t) => t.text);
  expect(of("keyword")).toEqual(["select", "from", "where", "and"]);
  expect(of("string")).toEqual(["'it''s'"]);
  expect(of("parameter")).toEqual(["$1"]);
  expect(of("number")).toEqual(["1.5"]);
  expect(of("comment")).toEqual(["-- why"]);
});
