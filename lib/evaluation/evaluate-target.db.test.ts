import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Check, type CheckContext, defineCheck, type LimitsFor } from "../check.ts";
import { AppError } from "../errors.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { lookAt } from "../testing/look.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

let database: TestDatabase;
let audit: AuditDb;
beforeAll(async () => {
  database = await createDatabase({ template: "empty" });
  await database.sql`create table weight (kg float8)`;
  await database.sql`insert into weight values (7)`;
  audit = connect({ target: "t", urls: { watch: database.url }, logger: quiet });
});
afterAll(async () => {
  await audit?.close();
  await database?.drop();
});

function check(
  id: string,
  evaluate: (context: CheckContext, limitsFor: LimitsFor) => ReturnType<Check["evaluate"]>,
  more = {},
) {
  return defineCheck({
    id,
    title: id,
    unit: "count",
    path: "overview",
    runbook: "Look.",
    needs: "Nothing.",
    thresholds: { warning: 5, critical: 9, direction: "rising" },
    evaluate,
    ...more,
  });
}
const state = (name: string, value: number | null = 1) =>
  ({
    object: { kind: "database", name },
    state: "ok",
    value,
    threshold: null,
    since: null,
    words: { title: name, detail: "" },
  }) as const;
let asked = 0;
const weigh = async ({ audit: looked }: CheckContext) => {
  const { data } = await looked.read({
    name: "test.weight",
    source: "weight",
    run: async (sql) => {
      asked += 1;
      return (await sql<{ kg: number }[]>`select kg from public.weight`)[0]?.kg ?? 0;
    },
  });
  return data;
};
const heavy = check("test.heavy", async (context) => ({
  objects: [state("kg", await weigh(context))],
  complete: true,
}));

test("a check that throws, at once or later, or judges an object twice hides no other", async () => {
  const looks = await lookAt(
    [
      check("test.thrown", () => {
        throw new AppError("FORBIDDEN", "Not here.", { hint: "Elsewhere." });
      }),
      check("test.rejected", async () => Promise.reject(new Error("secret"))),
      check("test.twice", async () => ({ objects: [state("a"), state("a")], complete: true })),
      heavy,
    ],
    { audit },
  );
  expect(
    looks.map(({ check: { id }, answer, error }) => [id, answer?.objects.length ?? null, error]),
  ).toEqual([
    ["test.thrown", null, { code: "FORBIDDEN", message: "Not here.", hint: "Elsewhere." }],
    ["test.rejected", null, { code: "INTERNAL", message: expect.not.stringContaining("secret") }],
    ["test.twice", null, { code: "INTERNAL", message: expect.any(String) }],
    ["test.heavy", 1, null],
  ]);
});

test("one clock, one look: checks of an evaluation share it, and what they read is read once", async () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const seen: Date[] = [];
  let computed = 0;
  const shares = (id: string) =>
    check(id, async (context) => {
      seen.push(context.now);
      const value = await context.once("sum", async () => ++computed);
      return { objects: [state("kg", (await weigh(context)) + value)], complete: true };
    });
  asked = 0;
  const fresh = connect({ target: "t", urls: { watch: database.url }, logger: quiet });
  try {
    const looks = await lookAt([shares("test.a"), shares("test.b"), shares("test.c")], { audit: fresh, now });
    expect(looks.map(({ answer }) => answer?.objects[0]?.value)).toEqual([8, 8, 8]);
    expect([computed, asked]).toEqual([1, 1]);
    expect(seen).toEqual([now, now, now]);
    expect(looks.every(({ evaluatedAt }) => evaluatedAt === now)).toBe(true);
    await lookAt([shares("test.a")], { audit: fresh, now });
    expect(computed).toBe(2);
  } finally {
    await fresh.close();
  }
});

test("what is kept for a time is kept for that time, and not for another target", async () => {
  let computed = 0;
  const keeps = check("test.keeps", async ({ once }) => {
    const value = await once("day", async () => ++computed, 30_000);
    return { objects: [state("n", value)], complete: true };
  });
  const at = async (seconds: number, of = audit) => {
    const [look] = await lookAt([keeps], { audit: of, now: new Date(seconds * 1_000) });
    return look?.answer?.objects[0]?.value;
  };
  expect([await at(0), await at(29), await at(30)]).toEqual([1, 1, 2]);
  const other = connect({ target: "u", urls: { watch: database.url }, logger: quiet });
  expect(await at(31, other)).toBe(3);
  await other.close();
});

test("limits are asked for by object", async () => {
  const judged = check("test.limits", async (_context, limitsFor) => ({
    objects: ["a", "b"].map((name) => ({ ...state(name), threshold: limitsFor({ kind: "database", name }) })),
    complete: true,
  }));
  const [look] = await lookAt([judged], { audit, limits: { "test.limits": { warning: 1, critical: null } } });
  expect(look?.answer?.objects.map(({ threshold }) => threshold)).toEqual([
    { warning: 1, critical: null },
    { warning: 1, critical: null },
  ]);
});

test("while the target is down only checks that do not ask it look; last known figures are none", async () => {
  const doomed = await createDatabase({ template: "empty" });
  await doomed.sql`create table weight (kg float8)`;
  const lost = connect({ target: "t", urls: { watch: doomed.url }, logger: quiet });
  const probes = check(
    "test.probes",
    async () => ({ objects: [state(lost.status().state)], complete: true }),
    {
      whileDown: true,
    },
  );
  try {
    expect((await lookAt([heavy], { audit: lost }))[0]?.answer?.objects[0]?.value).toBe(0);
    await doomed.drop();
    // The look itself is what notices: the check that does not ask is judged after it.
    await expect
      .poll(
        async () => (await lookAt([probes, heavy], { audit: lost })).map(({ error }) => error?.code ?? null),
        {
          timeout: 20_000,
        },
      )
      .toEqual([null, "UNAVAILABLE"]);
    await expect.poll(() => lost.status().state, { timeout: 20_000 }).toBe("down");
    const before = asked;
    const [first, second] = await lookAt([heavy, probes], { audit: lost });
    expect(first).toMatchObject({ answer: null, error: { code: "UNAVAILABLE" } });
    expect(first?.thrown).toBeUndefined();
    expect(second?.answer?.objects[0]?.object).toMatchObject({ name: "down" });
    expect(asked).toBe(before);
  } finally {
    await lost.close();
  }
});
