import { monitorEventLoopDelay } from "node:perf_hooks";
import { expect, test } from "vitest";
import { checkExplainable } from "./check-explainable.ts";
import { formatStatement } from "./format-statement.ts";
import { shapesOf, statementShape } from "./statement-shape.ts";
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
  [`select 1 as a_${"1".repeat(27)}x`, `select 1 as a_${"1".repeat(27)}x`],
  ["select only_1.x from app.only_1, only_2", "select only_*.x from app.only_*, only_2"],
  ['select 1 from "Part_7" where "Part_7".a = 7', 'select 1 from "Part_*" where "Part_*".a = 7'],
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

test("a text of megabytes may not be explained", () => {
  expect(checkExplainable(`select ${"1, ".repeat(70_000)} 1`)?.reason).toBe(
    "Its text is longer than 200 kB.",
  );
});

test("what the formatter would take a minute for is shown as it is within seconds, and the next is formatted", async () => {
  const endless = "select ".concat("(".repeat(1_000));
  const [raw, formatted] = await Promise.all([
    formatStatement(endless),
    formatStatement("select b from t where c = $1"),
  ]);
  expect(raw).toBe(endless);
  expect(formatted).toMatch(/^SELECT\n {2}b\nFROM\n/);
});

test("a text that takes all the formatter's memory ends the formatter alone", async () => {
  const greedy = ["(", "[", "case when "].map((part) => "select ".concat(part.repeat(900)));
  expect(await Promise.all(greedy.map(formatStatement))).toEqual(greedy);
  expect(await formatStatement("select d from t")).toMatch(/^SELECT\n {2}d\nFROM\n/);
});

test("the event loop goes on while texts are formatted and shapes are made", async () => {
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const texts = Array.from({ length: 100 }, (_, i) => `select ${i}, ${"a_2024_01.x, ".repeat(1_500)} 1`);
  const [shapes] = await Promise.all([shapesOf(texts), formatStatement("select ".concat("(".repeat(999)))]);
  lag.disable();
  expect(shapes.get(texts[7] as string)).toMatch(/^select 7, a_\*\.x, a_/);
  expect(lag.percentile(50) / 1e6).toBeLessThan(200);
  expect(lag.max / 1e6).toBeLessThan(1_000);
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
