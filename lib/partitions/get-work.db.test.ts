import { afterAll, beforeAll, expect, test } from "vitest";
import type { StepOutcome } from "../partition-plan/types.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addJob } from "../testing/jobs.ts";
import { getOpenWork, getPartitionWork } from "./get-work.ts";

const name = "partitions.carry_out";
const request = { verb: "create", table: { schema: "public", name: "t" } };
const plan = {
  table: { schema: "public", name: "t" },
  steps: [{ id: "create t_1" }, { id: "create t_2" }],
  runsAs: "owner",
  lockTimeoutMs: 200,
};
const outcome = (id: string, more: Partial<Record<keyof StepOutcome, string>> = {}) => ({
  id,
  words: id,
  outcome: "done",
  why: null,
  retryAt: null,
  ...more,
});

let world: Administration;
beforeAll(async () => {
  world = await startAdministration();
});
afterAll(() => world?.close());

test("a plan under way is its steps and the outcomes so far, with moments as dates; ended it is its result", async () => {
  const { console } = world;
  const waiting = outcome("create t_2", { outcome: "contended", retryAt: "2026-11-27T12:00:00.000Z" });
  const id = await addJob(console, {
    name,
    target: "audit",
    state: "running",
    input: { target: "audit", request },
    checkpoint: { outcomes: { "create t_1": outcome("create t_1"), "create t_2": waiting }, own: null },
  });
  await console.sql`insert into job_once (job_id, key, attempt, result) values (${id}, 'plan', 1, ${console.sql.json(plan)})`;
  const work = await getPartitionWork(console, "audit", id);
  expect(work).toMatchObject({ id, request, table: plan.table, steps: plan.steps });
  expect(work.outcomes.map(({ outcome, retryAt }) => [outcome, retryAt])).toEqual([
    ["done", null],
    ["contended", new Date("2026-11-27T12:00:00Z")],
  ]);
  const result = { outcomes: [outcome("create t_1"), outcome("create t_2")] };
  await console.sql`update job set state = 'done', result = ${console.sql.json(result)} where id = ${id}`;
  const ended = await getPartitionWork(console, "audit", id);
  expect(ended.outcomes.map(({ outcome }) => outcome)).toEqual(["done", "done"]);
});

test("upkeep's job keeps its plan beside its state", async () => {
  const { console } = world;
  const id = await addJob(console, {
    name: "partitions.upkeep",
    target: "audit",
    state: "running",
    input: { target: "audit", rule: "x" },
    objectType: "table",
    objectId: "t",
    objectName: "t",
    checkpoint: {
      plan,
      refusals: [],
      state: { outcomes: { "create t_1": outcome("create t_1") }, own: null },
    },
  });
  const work = await getPartitionWork(console, "audit", id);
  expect(work).toMatchObject({ request: null, steps: plan.steps });
  expect(work.outcomes).toHaveLength(1);
  expect(await getOpenWork(console, "audit")).toEqual([
    expect.objectContaining({ id, request: null, object: "t", state: "running", actor: "test" }),
  ]);
});

test("work of another target and other jobs are not there", async () => {
  const { console } = world;
  const id = await addJob(console, { name, target: "other", state: "waiting", input: { request } });
  const other = await addJob(console, { name: "events.purge", target: "audit", state: "running" });
  for (const each of [id, other])
    await expect(getPartitionWork(console, "audit", each)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await getOpenWork(console, "other")).map(({ state }) => state)).toEqual(["waiting"]);
  expect((await getOpenWork(console, "audit")).map((work) => work.id)).not.toContain(other);
});
