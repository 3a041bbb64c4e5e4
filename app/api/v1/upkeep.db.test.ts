import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { closeTargets } from "@/lib/audit-db/registry";
import { closeConsoleDb } from "@/lib/db/console-db";
import { replaceEnv } from "@/lib/env";
import { type PartitionWorld, startPartitionWorld } from "@/lib/testing/partition-world";
import { POST } from "./targets/[target]/partitions/upkeep/[verb]/route";

const table = { schema: "public", name: "kept" };
const rule = { table, ahead: 3, cron: "17 3 * * *" };
const verbs = ["set", "approve", "pause", "resume", "run", "remove"];
let world: PartitionWorld;
let tokens: Record<"read" | "operate" | "elsewhere" | "nobodys", string>;

beforeAll(async () => {
  world = await startPartitionWorld(18);
  await world.makeMonths(table.name);
  const { administration, urls } = world;
  replaceEnv({
    AUDIT_DATABASE_URL: urls.watch,
    AUDIT_MAINTENANCE_URL: urls.maintenance,
    CONSOLE_DATABASE_URL: administration.url,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
  });
  const make = async (name: string, scope: string, targets?: string[]) =>
    (
      await administration.succeed(adminActions.createToken, administration.admin, {
        name,
        scopes: [scope],
        targets,
      })
    ).secret;
  tokens = {
    read: await make("read", "read"),
    operate: await make("operate", "operate"),
    elsewhere: await make("elsewhere", "operate", ["other"]),
    nobodys: `adb_${"x".repeat(43)}`,
  };
});
afterAll(async () => {
  await Promise.all([closeTargets(), closeConsoleDb()]);
  replaceEnv({});
  await world?.close();
});

async function post(verb: string, token: string | null, body: unknown) {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const address = `http://console/api/v1/targets/audit/partitions/upkeep/${verb}`;
  const request = new Request(address, { method: "POST", headers, body: JSON.stringify(body) });
  const response = await POST(request, { params: Promise.resolve({ target: "audit", verb }) });
  return { status: response.status, body: await response.json() };
}

test.each(verbs)("%s is for a token that may operate on this target alone", async (verb) => {
  const input = verb === "set" ? rule : { table, ...(verb === "approve" && { revision: 1 }) };
  expect(await post(verb, null, input)).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
  expect(await post(verb, tokens.nobodys, input)).toMatchObject({ status: 401 });
  expect(await post(verb, tokens.read, input)).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  expect(await post(verb, tokens.elsewhere, input)).toMatchObject({
    status: 403,
    body: { code: "FORBIDDEN" },
  });
  const rules = await world.administration.sql`select from partition_upkeep`;
  expect(rules).toHaveLength(0);
});

test("a rule is set, approved by its revision, paused, resumed, run and removed", async () => {
  const { operate } = tokens;
  expect(await post("approve", operate, { table, revision: 1 })).toMatchObject({ status: 404 });
  expect(await post("set", operate, rule)).toEqual({
    status: 200,
    body: { data: { revision: 1, state: "proposed" } },
  });
  expect(await post("run", operate, { table })).toMatchObject({
    status: 409,
    body: { code: "CONFLICT", detail: "The upkeep of kept is proposed: a person approves it first." },
  });
  expect((await post("set", operate, { ...rule, ahead: 2 })).body).toEqual({
    data: { revision: 2, state: "proposed" },
  });
  expect(await post("approve", operate, { table, revision: 1 })).toMatchObject({
    status: 409,
    body: {
      code: "CONFLICT",
      detail: "The upkeep of kept was changed meanwhile: it is revision 2 now.",
      hint: "Look at it again, then approve that.",
    },
  });
  expect(await post("approve", operate, { table, revision: 2 })).toEqual({
    status: 200,
    body: { data: { state: "approved", approvedAt: expect.stringMatching(/^\d{4}-.*Z$/) } },
  });
  expect(await post("approve", operate, { table, revision: 2 })).toMatchObject({ status: 409 });
  for (const verb of ["pause", "resume"]) {
    expect([verb, (await post(verb, operate, { table })).status]).toEqual([verb, 200]);
    expect([verb, (await post(verb, operate, { table })).status]).toEqual([verb, 409]);
  }
  const begun = await post("run", operate, { table });
  expect(begun).toEqual({
    status: 202,
    body: { data: { jobId: expect.any(String) }, jobId: begun.body.data.jobId },
  });
  expect(await post("run", operate, { table })).toMatchObject({
    status: 409,
    body: { detail: `The upkeep of kept runs already: job ${begun.body.jobId}.` },
  });
  expect(await post("remove", operate, { table })).toEqual({
    status: 200,
    body: { data: { removed: true } },
  });
  expect(await post("remove", operate, { table })).toMatchObject({ status: 404 });
  const told = await world.administration.sql`
    select action, outcome from activity where action like 'upkeep.%' and outcome = 'success' order by id`;
  expect(told.map(({ action }) => action)).toEqual([
    "upkeep.set",
    "upkeep.set",
    "upkeep.approve",
    "upkeep.pause",
    "upkeep.resume",
    "upkeep.begin",
    "upkeep.remove",
  ]);
});

test("what is no action, no input and no place for the target is told", async () => {
  const { operate } = tokens;
  expect(await post("drop", operate, { table })).toMatchObject({
    status: 404,
    body: { hint: "There are: set, approve, pause, resume, run, remove." },
  });
  expect(await post("set", operate, { ...rule, cron: "17 3 * *" })).toMatchObject({
    status: 400,
    body: { code: "BAD_INPUT" },
  });
  // The address says which target: a body cannot say another.
  expect((await post("set", operate, { ...rule, target: "other" })).status).toBe(200);
  const targets = await world.administration.sql`select target from partition_upkeep`;
  expect(targets.map(({ target }) => target)).toEqual(["audit"]);
});
