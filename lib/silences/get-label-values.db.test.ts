import { afterAll, beforeAll, expect, test } from "vitest";
import type { Matcher } from "../alerting/matcher.ts";
import type { CheckObject } from "../check.ts";
import { storeEvaluation } from "../testing/check-states.ts";
import { createConsole } from "../testing/people.ts";
import { getLabelValues } from "./get-label-values.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
beforeAll(async () => {
  given = await createConsole();
  const store = (target: string, check: string, ...objects: CheckObject[]) =>
    storeEvaluation(
      given.test.sql,
      { target, check, evaluatedAt: new Date() },
      objects.map((object) => ({ object, state: "ok", value: 1 })),
    );
  const table = (database: string, schema: string, name: string): CheckObject => ({
    kind: "relation",
    ...{ database, schema, name },
  });
  await store("eu", "maintenance.dead_rows", table("app", "public", "b"), table("app", "crm", "a"));
  await store("us", "maintenance.dead_rows", table("app", "public", "c"));
  await store("eu", "connections.used", { kind: "target" });
  await store("eu", "connections.idle_in_transaction", {
    kind: "session",
    pid: 4711,
    backendStart: new Date(),
    name: "report",
  });
  await store("eu", "replication.slot_lost", { kind: "slot", name: "copy" });
});
afterAll(() => given.drop());

const is = (label: Matcher["label"], value: string): Matcher => ({ label, is: "=", value });
const values = (targets: string[], ...matchers: Matcher[]) =>
  getLabelValues(given.console.db, matchers, targets);

test("every value that an object of these targets has is offered once, in order; sessions end and are not", async () => {
  expect(await values(["eu", "us"])).toEqual({
    kind: ["relation", "slot", "target"],
    object: ["copy", "crm.a", "eu", "public.b", "public.c"],
    database: ["app"],
    schema: ["crm", "public"],
    relation: ["a", "b", "c"],
  });
  expect((await values(["us"])).object).toEqual(["public.c"]);
  expect((await values([])).object).toEqual([]);
});

test("the other conditions narrow what is offered, its own label does not", async () => {
  expect((await values(["eu", "us"], is("check", "replication.slot_lost"))).object).toEqual(["copy"]);
  expect(await values(["eu", "us"], is("schema", "public"), is("object", "pub"))).toMatchObject({
    schema: [],
    object: ["public.b", "public.c"],
  });
  const like: Matcher = { label: "relation", is: "~", value: "a*" };
  expect((await values(["eu"], like, is("severity", "critical"))).schema).toEqual(["crm"]);
});
