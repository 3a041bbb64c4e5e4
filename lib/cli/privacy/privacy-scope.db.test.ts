import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { requestsJobs } from "../../requests/jobs.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { addActor } from "../../testing/people.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";

const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-scope-"));
const person = "patient-4712-of-the-terminal";
let world: PrivacyWorld;
let jobs: { stop(): Promise<void> };
let token: string;

beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  jobs = startTestJobs({ console: world.console, url: world.consoleUrl }, requestsJobs, openConfiguredTarget);
  const admin = await addActor(world.console, "admin");
  const created = await world.succeed(adminActions.createToken, { name: "t", scopes: ["admin"] }, admin);
  token = (created as { secret: string }).secret;
});
afterAll(async () => {
  await commandLine.close();
  rmSync(home, { recursive: true, force: true });
  await jobs?.stop();
  await world?.close();
});

const run = (args: string[]) =>
  commandLine.run(args, { env: { XDG_CONFIG_HOME: home, ...world.environment, AUDIT_DB_TOKEN: token } });

test("a request is counted at the terminal, shown again, and told when it is not of now", async () => {
  await world.append("eu", person, "minimal", 200);
  const { number } = await openTestRequest(world, { kind: "access", person });
  await moveTestRequest(world, number, "verified");
  expect(await run(["privacy", "scope", String(number), "--show"])).toMatchObject({ code: 4 });
  const counted = await run(["privacy", "scope", String(number)]);
  expect([counted.code, counted.stderr]).toEqual([0, expect.any(String)]);
  expect(counted.stdout).toContain("minimal");
  expect(counted.stdout).toContain("us: nothing.");
  await world.append("eu", person, "minimal", 1);
  const shown = await run(["privacy", "scope", String(number), "--show"]);
  expect([shown.code, shown.stdout]).toEqual([5, expect.stringContaining("1 new event of minimal on eu")]);
  const json = await run(["--json", "privacy", "scope", String(number), "--show"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    fresh: false,
    targets: [{ target: "eu", events: 1 }, { events: 0 }],
  });
  for (const { stdout } of [counted, shown, json]) expect(stdout).not.toContain(person);
});

test("what is left is looked for at the terminal", async () => {
  const { number } = await openTestRequest(world, { kind: "erasure", person, more: { targets: ["us"] } });
  expect(await run(["privacy", "scan", String(number)])).toMatchObject({ code: 5 });
  await moveTestRequest(world, number, "verifying");
  const scanned = await run(["privacy", "scan", String(number)]);
  expect([scanned.code, scanned.stdout]).toEqual([0, expect.stringContaining("CHECKPOINT;")]);
  expect(scanned.stdout).toContain("Nothing is left");
  const json = await run(["--json", "privacy", "scan", String(number), "--show"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ state: "done", listed: true });
});
