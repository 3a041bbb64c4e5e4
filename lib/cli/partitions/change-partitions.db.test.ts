import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST } from "../../../app/api/v1/targets/[target]/partitions/[verb]/route.ts";
import { adminActions } from "../../admin.ts";
import { closeTargets } from "../../audit-db/registry.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { replaceEnv } from "../../env.ts";
import type { Plan, StepOutcome } from "../../partition-plan/types.ts";
import { getPartitionWork } from "../../partitions/get-work.ts";
import { partitionsJobs } from "../../partitions/jobs.ts";
import { readTook } from "../../partitions/read-took.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { type PartitionWorld, startPartitionWorld } from "../../testing/partition-world.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";

const main = path.resolve(import.meta.dirname, "../main.ts");
const commandLine = openCommandLine();
let world: PartitionWorld;
let worker: { stop(): Promise<void> };
let tokens: Record<"read" | "operate" | "other", string>;

beforeAll(async () => {
  world = await startPartitionWorld(18);
  await world.makeMonths("by_cli");
  await world.makeMonths("by_api");
  replaceEnv(environment() as Record<string, string>);
  const { admin, succeed } = world.administration;
  const make = async (name: string, scope: string, targets?: string[]) =>
    (await succeed(adminActions.createToken, admin, { name, scopes: [scope], targets })).secret;
  tokens = {
    read: await make("read", "read"),
    operate: await make("operate", "operate"),
    other: await make("other", "operate", ["other"]),
  };
  worker = startTestJobs(world.administration, partitionsJobs, () => world.audit);
});
afterAll(async () => {
  await commandLine.close();
  await worker?.stop();
  await Promise.all([closeTargets(), closeConsoleDb()]);
  replaceEnv({});
  await world?.close();
});

const environment = () => ({
  AUDIT_DATABASE_URL: world.urls.watch,
  AUDIT_MAINTENANCE_URL: world.urls.maintenance,
  CONSOLE_DATABASE_URL: world.administration.url,
  NEXTAUTH_SECRET: "x".repeat(40),
  LOG_LEVEL: "silent",
});

const run = (...args: string[]) => commandLine.run(["partitions", ...args], { env: environment() });

const partitionsOf = async (name: string) =>
  (await world.database.sql`select from pg_inherits where inhparent = ${name}::regclass`).length;

test("the command line shows the plan, does nothing without a yes, carries it out with one, and has nothing to do then", async () => {
  const asked = ["create", "--table", "by_cli", "--ahead", "3"];
  const dry = await run(...asked, "--dry-run");
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toContain("CREATE TABLE public.by_cli_");
  expect(dry.stdout).toContain(
    "--   locks public.by_cli SHARE UPDATE EXCLUSIVE: stops other changes of structure",
  );
  expect(dry.stdout).toContain("Runs as audit_maintainer.");
  expect((await run("plan", ...asked)).stdout).toBe(dry.stdout);
  expect(await run(...asked)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Nothing was changed: there is no terminal to approve this plan on."),
  });
  expect(await partitionsOf("by_cli")).toBe(3);

  const done = await run(...asked, "--yes", "--reason", "Ticket AUD-1234");
  expect(done).toMatchObject({ code: 0, stderr: "" });
  expect(done.stdout.match(/ {2}done$/gm)).toHaveLength(2);
  expect(await partitionsOf("by_cli")).toBe(5);
  const [told] = await world.administration.sql`
    select actor_name as by, detail->>'reason' as reason from activity where action = 'partition.create' order by id limit 1`;
  expect(told).toEqual({ by: expect.stringMatching(/^command line \(/), reason: "Ticket AUD-1234" });
  const again = await run(...asked, "--yes");
  expect(again).toMatchObject({ code: 0 });
  expect(again.stdout).toMatch(/There is nothing to do\.\n$/);
});

test("with --json it answers the plan, then plan and outcomes; what is typed wrongly is told", async () => {
  const asked = ["create", "--table", "by_cli", "--ahead", "4", "--json"];
  const plan = JSON.parse((await run(...asked, "--dry-run")).stdout) as Plan;
  expect(plan).toMatchObject({ target: "audit", steps: [{ alone: false }] });
  const done = JSON.parse((await run(...asked, "--yes")).stdout);
  expect(done).toMatchObject({
    plan: { digest: plan.digest },
    outcomes: [{ id: plan.steps[0]?.id, outcome: "done", why: null, retryAt: null }],
  });
  expect(await run("maintain", "paint", "--table", "by_cli")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"paint" is no maintenance work. One of vacuum, '),
  });
  expect(await run("create", "--table", "by_cli", "--from", "2020-01-01")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--from and --to go together."),
  });
  expect(await run("detach", "--partition", "no_such", "--yes")).toMatchObject({ code: 4 });
});

test("what did not come out is told step by step, with a status of its own", async () => {
  const holder = await world.database.sql.reserve();
  await holder`begin`;
  await holder`lock table public.by_api in share mode`;
  const asked = ["create", "--table", "by_api", "--ahead", "2", "--lock-timeout", "40", "--yes"];
  const until = () => ["--until", new Date(Date.now() + 4_000).toISOString()];
  const [plain, json] = await Promise.all([run(...asked, ...until()), run(...asked, ...until(), "--json")]);
  await holder`rollback`;
  holder.release();
  expect(plain).toMatchObject({
    code: 5,
    stdout: expect.stringMatching(/Create public\.by_api_\S+ +(contended|blocked) +\S/),
  });
  expect(json.code).toBe(5);
  expect(JSON.parse(json.stdout)).toMatchObject({
    outcomes: [{ outcome: expect.stringMatching(/^(contended|blocked)$/), why: expect.any(String) }],
  });
  expect(await partitionsOf("by_api")).toBe(3);
});

/** The real program on a terminal, to which this is typed once it asks. */
async function typeTo(typed: string, ...args: string[]): Promise<{ status: number; shown: string }> {
  const quoted = [process.execPath, main, "partitions", ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", quoted, "/dev/null"], {
    env: { NODE_ENV: "test", ...compileCache, PATH: process.env.PATH, ...environment() },
  });
  let shown = "";
  let asked = false;
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    if (asked || !/Type \S+ to have this carried out/.test(shown)) return;
    asked = true;
    child.stdin.write(`${typed}\r`);
  });
  const [status] = await once(child, "close");
  return { status: status as number, shown };
}

test("on a terminal it shows the plan and asks; a detach wants the partition's name", async () => {
  await world.makeMonths("by_hand");
  const [name] = await world.database.sql`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'by_hand'::regclass order by 1 limit 1`;
  const partition = name?.name as string;
  const asked = ["detach", "--partition", partition];
  const refused = await typeTo("yes", ...asked);
  expect(refused.status).toBe(2);
  expect(refused.shown).toContain(
    `ALTER TABLE public.by_hand DETACH PARTITION public.${partition} CONCURRENTLY`,
  );
  expect(refused.shown).toContain(`Type ${partition} to have this carried out (Detach `);
  expect(refused.shown).toContain(`Nothing was changed: that is not ${partition}.`);
  expect(await partitionsOf("by_hand")).toBe(3);
  const done = await typeTo(partition, ...asked);
  expect(done.shown).toMatch(/Detach public\.by_hand_\S+ +done/);
  expect(done.status).toBe(0);
  expect(await partitionsOf("by_hand")).toBe(2);
});

async function post(verb: string, token: string | null, body: unknown) {
  const headers = new Headers({ "content-type": "application/json" });
  if (token) headers.set("authorization", `Bearer ${token}`);
  const request = new Request(`http://console/api/v1/targets/audit/partitions/${verb}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const response = await POST(request, { params: Promise.resolve({ target: "audit", verb }) });
  return { status: response.status, body: await response.json() };
}

test("the API plans for whoever may look, begins the job for whoever may act, and answers another plan with 409", async () => {
  const request = { verb: "create", table: { name: "by_api" }, ahead: 3 };
  const planned = await post("plan", tokens.read, { request });
  expect(planned).toMatchObject({
    status: 200,
    body: { data: { target: "audit", steps: [{}, {}], blockers: [] } },
  });
  const { digest } = planned.body.data;
  expect((await post("plan", null, { request })).status).toBe(401);
  expect((await post("plan", tokens.other, { request })).status).toBe(403);
  expect((await post("create", tokens.read, { request, digest })).status).toBe(403);
  expect((await post("create", tokens.other, { request, digest })).status).toBe(403);
  expect((await post("create", null, { request, digest })).status).toBe(401);
  expect((await post("drop", tokens.operate, { request, digest })).body).toMatchObject({
    code: "NOT_FOUND",
    hint: expect.stringMatching(/^There are: plan, create, repair, detach, finalize, attach, maintain\b/),
  });
  expect((await post("detach", tokens.operate, { request, digest })).body).toMatchObject({
    code: "BAD_INPUT",
  });
  const other = await post("create", tokens.operate, { request, digest: "0".repeat(64) });
  expect(other).toMatchObject({ status: 409, body: { code: "CONFLICT", current: { digest } } });
  // The verb stands in the address already.
  const { verb: _, ...rest } = request;
  const begun = await post("create", tokens.operate, { request: rest, digest });
  expect(begun).toMatchObject({ status: 202, body: { data: { steps: 2 }, jobId: expect.any(String) } });
});

test("what is not planned is an outcome: on the command line, with its status, and for whoever follows the job", async () => {
  await world.makeMonths("in_part", "create table public.in_part_rest partition of public.in_part default");
  const [month] = await world.database.sql<{ at: string; name: string }[]>`
    select (date_trunc('month', now(), 'UTC') + interval '3 months')::text as at,
           'public.in_part_' || to_char((date_trunc('month', now(), 'UTC') + interval '3 months') at time zone 'UTC', 'YYYY_MM') as name`;
  await world.database.sql`insert into public.in_part values (1, ${month?.at ?? ""})`;
  const asked = ["create", "--table", "in_part", "--ahead", "3"];
  const dry = await run(...asked, "--dry-run");
  expect(dry.code).toBe(0);
  expect(dry.stdout).toMatch(
    /Not planned: The default partition public\.in_part_rest holds 1 row of its range/,
  );
  const done = await run(...asked, "--yes", "--json");
  expect(done.code).toBe(5);
  const { outcomes } = JSON.parse(done.stdout) as { outcomes: StepOutcome[] };
  expect(outcomes.map(({ words, outcome, why }) => [words, outcome, why?.slice(0, 60) ?? null])).toEqual([
    [month?.name, "blocked", "The default partition public.in_part_rest holds 1 row of its"],
    [expect.stringMatching(/^Create public\.in_part_/), "done", null],
  ]);
  const [job] = await world.administration.sql<{ id: string; state: string; message: string }[]>`
    select id, state, error->>'message' as message from job order by created_at desc limit 1`;
  expect(job?.state).toBe("failed");
  expect(job?.message).toMatch(new RegExp(`^1 of 2 are not done\\. ${month?.name}: blocked\\. The default`));
  const work = await getPartitionWork(world.administration.console, "audit", job?.id ?? "");
  expect(work.outcomes.map(({ outcome }) => outcome)).toEqual(["blocked", "done"]);
});

test("estimates come from the steps that jobs have carried out here", async () => {
  const took = await readTook(world.administration.console, "audit");
  const made = took.filter(({ kind, unit }) => kind === "createPartition" && unit === "steps");
  expect(made.length).toBeGreaterThan(0);
  expect(await readTook(world.administration.console, "other")).toEqual([]);
  const seconds = made.reduce((sum, one) => sum + one.seconds, 0) / made.length;
  const dry = await run("create", "--table", "by_cli", "--ahead", "6", "--dry-run", "--json");
  const plan = JSON.parse(dry.stdout) as Plan;
  const from = made.length === 1 ? "from 1 run here" : `from ${made.length} runs here`;
  expect(plan).toMatchObject({ estimateFrom: from });
  expect(plan.estimatedSeconds).toBeCloseTo(seconds * plan.steps.length, 6);
  const told = await run("create", "--table", "by_cli", "--ahead", "6", "--dry-run");
  expect(told.stdout).toMatch(new RegExp(`^Estimated time: \\S+ \\S+ \\(${from}\\)\\.$`, "m"));
});
