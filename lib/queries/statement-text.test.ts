import { expect, test } from "vitest";
import { checkExplainable } from "./check-explainable.ts";
import { formatStatement } from "./format-statement.ts";
import { statementShape } from "./statement-shape.ts";
import { oneLine, withoutComments } from "./statement-text.ts";

test.each([
  ["select * from audit_log_2024_03 where id = $1", "select * from audit_log_* where id = $1"],
  ["select * from audit_log_standard_2024_03_15", "select * from audit_log_standard_*"],
  ["insert into events_p20240301 values ($1)", "insert into events_* values ($1)"],
  ["select 1 from events_p2024_03_01", "select 1 from events_*"],
  ["select 1 from metric_y2024m03d01 m", "select 1 from metric_* m"],
  ["select 1 from metric_2024w05", "select 1 from metric_*"],
  ["select 1 from metric_2024q1, metric_2024q2", "select 1 from metric_*, metric_*"],
  ['select "A_2024_03".x from "A_2024_03"', 'select "A_*".x from "A_*"'],
  ["select shard_17.id from shard_17 where line_2 = $1", "select shard_*.id from shard_* where line_2 = $1"],
  ["update app.part_p12 set a = $1", "update app.part_p* set a = $1"],
  ["select count(*) from part_2024_03_01_to_2024_04_01", "select count(*) from part_*"],
])("%s reads as %s", (text, shape) => {
  expect(statementShape(text)).toBe(shape);
});

test.each([
  "select utf8, sha256(x), col1, int4 from t where a2024 = $12",
  "select date_part($1, x) from orders where year = $2",
])("%s keeps its names", (text) => {
  expect(statementShape(text)).toBe(text);
});

test("two partitions of one table have one shape, two tables do not", () => {
  const shape = (table: string) => statementShape(`select * from ${table} where at > $1`);
  expect(shape("log_2024_01")).toBe(shape("log_2025_12"));
  expect(shape("log_2024_01")).not.toBe(shape("event_2024_01"));
});

test("comments go, but not from literals, identifiers and dollar quotes", () => {
  expect(oneLine("select /* why */ 1 -- here\n, '/* kept */', \"--kept\", $q$ -- kept $q$")).toBe(
    "select 1 , '/* kept */', \"--kept\", $q$ -- kept $q$",
  );
  expect(withoutComments("select 'it''s -- fine' -- gone")).toBe("select 'it''s -- fine'  ");
  expect(oneLine(`select ${"x".repeat(500)}`)).toHaveLength(400);
});

test("formatting breaks lines, and leaves alone what it cannot read", async () => {
  expect(await formatStatement("select a, b from t where a = $1 and b > $2")).toMatch(
    /^SELECT\n {2}a,\n {2}b\nFROM\n/,
  );
  expect(await formatStatement("select 'unterminated")).toBe("select 'unterminated");
});

test.each([
  "select 1",
  "/* tag */ SELECT 1;",
  "with a as (select 1) select * from a",
  "insert into t values ($1)",
  "select ';' || \"a;b\" || $x$;$x$ || e'\\';'",
  "update t set a = $1",
  "delete from t",
])("%s may be explained", (text) => {
  expect(checkExplainable(text)).toBeNull();
});

test.each([
  "select 1; drop table t",
  "select 1; commit; drop table t;",
  "drop table t",
  "explain analyze delete from t",
  "vacuum t",
  "set role postgres",
  "do $$ begin end $$",
  "copy t to program $1",
  "-- select\n create table x ()",
  "",
])("%s may not", (text) => {
  expect(checkExplainable(text)?.code).toBe("unsupported");
});
