import { describe, expect, test } from "vitest";
import { nextRequest } from "./next-request.ts";
import { changesBetween } from "./plan-changes.ts";
import { outcome, plan, step } from "./plan-fixtures.ts";
import { notPlanned } from "./plan-remarks.tsx";
import {
  durationInWords,
  requestInWords,
  rowsInWords,
  sqlOf,
  stepAmounts,
  sumAmounts,
} from "./plan-words.ts";
import { stepProgress } from "./step-states.ts";

const table = { schema: "public", name: "audit_log" };

describe("what a plan costs", () => {
  test("rows of all steps; one unknown makes the sum unknown, and nothing read is none", () => {
    const reads = (rows: number | null) => step("a", { scans: { relation: "t", rows } });
    expect(sumAmounts({ steps: [reads(10), reads(5)] })).toEqual({
      scanned: 15,
      moved: undefined,
      stops: null,
    });
    expect(rowsInWords(sumAmounts({ steps: [reads(10), reads(null)] }).scanned)).toBe("not known");
    expect(rowsInWords(sumAmounts({ steps: [step("a")] }).scanned)).toBe("none");
  });

  test("the hardest lock of any step says who waits", () => {
    const locks = (...stops: ("reads and writes" | "writes" | "other changes of structure")[]) =>
      step("a", { locks: stops.map((each) => ({ relation: "t", mode: "SHARE" as const, stops: each })) });
    expect(sumAmounts({ steps: [locks("other changes of structure"), locks("writes")] }).stops).toBe(
      "writes",
    );
    expect(sumAmounts({ steps: [locks("writes", "reads and writes"), locks("writes")] }).stops).toBe(
      "reads and writes",
    );
  });

  test("what is not known is said", () => {
    expect(durationInWords(null)).toBe("not known");
    expect(durationInWords(0.2)).toBe("under 1 s");
    expect(durationInWords(90)).toBe("about 1 m 30 s");
    const moves = step("a", { moves: { from: "t_default", to: "t_1", rows: null } });
    expect(stepAmounts(moves)).toEqual(["Moves an unknown number of rows from t_default to t_1"]);
    expect(stepAmounts(step("a", { scans: { relation: "t", rows: 1 } }))).toEqual(["Reads 1 row of t"]);
  });
});

test("all statements are copied as they would run: one transaction a step, unless each is by itself", () => {
  const steps = [
    step("t_1", { sql: ["CREATE TABLE t_1 ()", "ALTER TABLE t ATTACH PARTITION t_1 DEFAULT;"] }),
    step("vacuum", { words: "Vacuum t_1", sql: ["VACUUM t_1"], alone: true }),
  ];
  expect(sqlOf({ steps })).toBe(
    "-- Create t_1\nBEGIN;\nCREATE TABLE t_1 ();\nALTER TABLE t ATTACH PARTITION t_1 DEFAULT;\nCOMMIT;\n\n-- Vacuum t_1\nVACUUM t_1;",
  );
});

test("a request is called by what it is about before its plan is there", () => {
  expect(requestInWords({ verb: "create", table })).toBe("Create partitions of audit_log");
  expect(requestInWords({ verb: "detach", partition: { schema: "a.b", name: "X" } })).toBe(
    'Detach "a.b"."X"',
  );
  expect(requestInWords({ verb: "maintain", work: "vacuum", relations: [table] })).toBe("Vacuum audit_log");
  expect(requestInWords({ verb: "maintain", work: "reindex", relations: [table, table] })).toBe(
    "Reindex 2 relations",
  );
});

test("outcomes that are of no step are what was not planned; a step that was refused is not among them", () => {
  const outcomes = [
    outcome("not planned 1 t_5", { words: "public.t_5", outcome: "blocked", why: "Rows are in the way." }),
    outcome("t_1", { outcome: "refused", why: "The server refused it." }),
    outcome("t_2"),
  ];
  expect(notPlanned([step("t_1"), step("t_2")], outcomes)).toEqual([
    { object: "public.t_5", outcome: "blocked", words: "Rows are in the way." },
  ]);
});

describe("what changed while a plan was read", () => {
  test("steps that came, went or are other ones, and refusals", () => {
    const before = plan({ steps: [step("t_1"), step("t_2"), step("t_3")] });
    const now = plan({
      steps: [step("t_2"), step("t_3", { sql: ["CREATE TABLE t_3 (a int)"] }), step("t_4")],
      refusals: [{ object: "t_5", outcome: "blocked", words: "Rows are in the way." }],
    });
    expect(changesBetween(before, now)).toEqual([
      "No longer needed: Create t_1",
      "New: Create t_4",
      "Other statements: Create t_3",
      "Refused now: t_5. Rows are in the way.",
    ]);
    expect(changesBetween(now, now)).toEqual([]);
  });

  test("a thousand changes are six and their number", () => {
    const steps = Array.from({ length: 1_000 }, (_, at) => step(`t_${at}`));
    const lines = changesBetween(plan({ steps }), plan({ steps: [] }));
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe("and 994 more changes");
  });
});

describe("how steps stand", () => {
  const ids = ["a", "b", "c"];
  const states = (...given: Parameters<typeof stepProgress>) =>
    [...stepProgress(...given).values()].map(({ state }) => state);

  test("the first without an outcome is at work, as long as anybody works", () => {
    expect(states(ids, [outcome("a")], true)).toEqual(["done", "running", "pending"]);
    expect(states(ids, [outcome("a")], false)).toEqual(["done", "pending", "pending"]);
    expect(states(ids, [outcome("a", { outcome: "contended" })], true)).toEqual([
      "contended",
      "running",
      "pending",
    ]);
  });

  test("what was not done is offered again, a detach to be taken back, and else nothing", () => {
    const partition = { schema: "public", name: "audit_log_1" };
    const request = { verb: "detach" as const, partition, how: "concurrently" as const };
    expect(nextRequest({ request, table, outcomes: [outcome("a", { outcome: "blocked" })] }, "done")).toEqual(
      {
        label: "Plan the rest again",
        request,
      },
    );
    expect(nextRequest({ request, table, outcomes: [outcome("a")] }, "done")).toEqual({
      label: "Attach audit_log_1 again",
      request: { verb: "attach", partition: request.partition, table },
    });
    const create = { verb: "create" as const, table };
    expect(nextRequest({ request: create, table, outcomes: [outcome("a")] }, "done")).toBeNull();
    expect(nextRequest({ request: create, table, outcomes: [] }, "cancelled")?.label).toBe(
      "Plan the rest again",
    );
  });
});
