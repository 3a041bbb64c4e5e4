import { expect, test } from "vitest";
import type { Check, Limits } from "../check.ts";
import { heavyStatements, judgeShare } from "./check-heavy.ts";
import { hasWeight, judgeMean, slowStatements } from "./check-slow.ts";
import { isLeftOut } from "./left-out.ts";
import type { StatementDay } from "./read-day.ts";
import { worstStatements } from "./statement-state.ts";
import type { TopQuery } from "./top-query.ts";

const limitsOf = (check: Check) => () => check.thresholds as Limits;
const begin = new Date(Date.UTC(2026, 0, 10));

/** A day of which so many minutes were sampled. */
function day(totalMs: number, minutes = 1_440): StatementDay {
  const sampled = { from: begin, to: new Date(begin.getTime() + minutes * 60_000), missingShare: 0 };
  return { statements: [], totalMs, ownMs: 0, sampled };
}

function statement(calls: number, totalExecMs: number, key = "1/2/3/1"): TopQuery {
  return {
    ...{ key, statements: 1, text: "update ledger set n = $1", user: "app", database: "audit", own: false },
    ...{ values: { calls, totalExecMs }, meanMs: totalExecMs / calls },
    ...{ share: null, figure: null, previousFigure: null, spark: [] },
  };
}

test("maintenance, copies and sleeping are left out by their words, whatever stands around them", () => {
  for (const text of [
    "VACUUM (ANALYZE) audit_log",
    "/* nightly */ create index concurrently on t (a)",
    "-- dump\nCOPY public.t (a) TO stdout;",
    "select pg_sleep($1)",
    "SELECT pg_catalog.PG_SLEEP_FOR ($1) from t",
    "analyze t",
  ])
    expect([text, isLeftOut(text)]).toEqual([text, true]);
  for (const text of [
    "select 'pg_sleep', \"vacuum\" from t",
    "select * from vacuum_log",
    "insert into analyze_runs values ($1)",
    "lock table t in exclusive mode",
    null,
  ])
    expect([text, isLeftOut(text)]).toEqual([text, false]);
});

test("a statement is heavy by its share of all time, if it is slow and its time is worth a look", () => {
  const judged = (calls: number, ms: number, of: StatementDay) =>
    judgeShare(statement(calls, ms), of, limitsOf(heavyStatements));
  // 20 waits of 2.3 s are 46 % of 100 s, in a quarter of an hour.
  expect(judged(20, 46_000, day(100_000, 15))).toMatchObject({
    state: "critical",
    value: 0.46,
    words: {
      title: "One statement took 46.0 % of all statement time in the last 15 min, 2.3 s on average.",
      detail:
        "update ledger set n = $1: 20 calls in 15 min by app. See on Connections whether it waits for a lock while it runs; if not, look at its plan.",
    },
  });
  expect(judged(20, 20_000, day(100_000, 15)).state).toBe("warning");
  expect(judged(20, 19_999, day(100_000, 15)).state).toBe("ok");
  // Quick ones are many, not heavy.
  expect(judged(1_000, 46_000, day(100_000, 15)).state).toBe("ok");
  // 46 s of a day are half a thousandth of it.
  expect(judged(20, 46_000, day(100_000)).state).toBe("ok");
});

test("a mean counts with fifty calls, or with fewer that take their part of the time", () => {
  expect(hasWeight(statement(50, 1), day(100_000, 15))).toBe(true);
  expect(hasWeight(statement(49, 4_999), day(100_000, 15))).toBe(false);
  expect(hasWeight(statement(2, 46_000), day(100_000, 15))).toBe(true);
  expect(hasWeight(statement(2, 46_000), day(100_000))).toBe(false);
  // Of a console that has looked for a minute, one slow statement is most of what it saw.
  expect(hasWeight(statement(2, 46_000), day(100_000, 14))).toBe(false);
  expect(judgeMean(statement(50, 2_500), day(100_000), limitsOf(slowStatements))).toMatchObject({
    state: "warning",
    value: 50,
    words: { title: "A statement takes 50 ms on average, more than 50 ms." },
  });
});

test("the list begins with what is bad, each by its time, and is complete when it ends with what is not", () => {
  const states = Array.from({ length: 300 }, (_, i) =>
    judgeMean(
      statement(100, i === 250 ? 60_000 : i === 200 ? 6_000 : 100 + i, `1/2/${i}/1`),
      day(100_000),
      limitsOf(slowStatements),
    ),
  );
  const { objects, complete } = worstStatements(states);
  expect(objects.slice(0, 3).map(({ object, state }) => ["name" in object && object.name, state])).toEqual([
    ["1/2/250/1", "critical"],
    ["1/2/200/1", "warning"],
    ["1/2/0/1", "ok"],
  ]);
  expect([objects.length, complete]).toEqual([100, true]);
});
