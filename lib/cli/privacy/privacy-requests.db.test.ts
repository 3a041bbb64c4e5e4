import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import type { Actor } from "../../auth/actor.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { requireRequest } from "../../requests/read-request.ts";
import { scopeJob } from "../../requests/scope/scope-job.ts";
import { openCommandLine, runProgram } from "../../testing/command-line.ts";
import { addActor } from "../../testing/people.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";

const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-requests-"));
const person = "patient-of-the-terminal";
let world: PrivacyWorld;
let worker: ReturnType<typeof startTestJobs>;
let tokens: Record<"one" | "two" | "viewer", string>;

beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  const { console, consoleUrl: url } = world;
  worker = startTestJobs({ console, url }, [scopeJob], openConfiguredTarget);
  const token = async (actor: Actor, scope: "admin" | "read") =>
    (
      (await world.succeed(adminActions.createToken, { name: scope, scopes: [scope] }, actor)) as {
        secret: string;
      }
    ).secret;
  tokens = {
    one: await token(await addActor(console, "admin"), "admin"),
    two: await token(await addActor(console, "admin"), "admin"),
    viewer: await token(await addActor(console, "admin"), "read"),
  };
  write("person", `${person}\n`);
  const letter = "Greta wants to know";
  write("who", JSON.stringify({ identifiers: [{ kind: "email", value: "greta@example.test" }], letter }));
  write("note", "Greta was asked\n");
  write("good.csv", "kind;email\naccess;greta@example.test\n");
  write("bad.csv", "kind;email\naccess;greta@example.test\nforget;greta@example.test\n");
});
afterAll(async () => {
  await commandLine.close();
  rmSync(home, { recursive: true, force: true });
  await worker?.stop();
  await world?.close();
});

const at = (file: string) => path.join(home, file);
const write = (file: string, text: string) => writeFileSync(at(file), text);

const environmentOf = (as: keyof typeof tokens) => ({
  ...{ XDG_CONFIG_HOME: home, ...world.environment, AUDIT_DB_TOKEN: tokens[as] },
});
const run = (args: string[], as: keyof typeof tokens = "one") =>
  commandLine.run(["privacy", ...args], { env: environmentOf(as) });

test("a request comes in by a file, is listed and shown without who asks, and that on record alone", async () => {
  const opened = await run([
    "open",
    "--kind",
    "access",
    "--person-from",
    at("who"),
    "--reference",
    "T-7",
    "--on",
    "eu",
  ]);
  expect([opened.code, opened.stderr, opened.stdout]).toEqual([0, "", "Request #1 is in.\n"]);
  const again = await run(["open", "--kind", "access", "--person-from", at("who")]);
  expect(again.stdout).toContain("in #1, which is open");
  const [listed, shown] = await Promise.all([run(["list"]), run(["show", "#1"])]);
  expect(listed.stdout).toMatch(/#2 +access +eu +received/);
  expect(shown.stdout).toContain("T-7");
  expect(shown.stdout).toMatch(/needs +a controller/);
  for (const { stdout } of [opened, again, listed, shown]) expect(stdout).not.toMatch(/greta/i);
  expect(await requireRequest(world.console.db, 1)).toMatchObject({ channel: "cli", targets: ["eu"] });
  expect(await run(["show", "1", "--person"], "viewer")).toMatchObject({ code: 3 });
  const looked = await run(["show", "1", "--person"]);
  expect(looked.stdout).toContain("greta@example.test");
  expect(looked.stdout).toContain("Greta wants to know");
  const looks =
    await world.sql`select outcome from activity where action = 'request.view_person' order by id`;
  expect(looks.map(({ outcome }) => outcome)).toEqual(["refused", "success"]);
});

test("what is malformed is told without what it says, also where everything is logged", async () => {
  const value = "greta@example.test";
  write("odd", JSON.stringify({ identifiers: [{ kind: value, value }], [value]: "Greta" }));
  write(
    "deep",
    JSON.stringify({ identifiers: [{ kind: "email", value: { [value]: value } }], letter: ["Greta"] }),
  );
  write("cut", `{"identifiers": [{"kind": "email", "value": "${value}"`);
  write("odd.csv", `kind;${value}\naccess;${value}\n"greta`);
  const given = [
    ...["odd", "deep", "cut"].map((file) => ["open", "--kind", "access", "--person-from", at(file)]),
    ["import", at("odd.csv")],
    ["approve", "1", "--refuse", `${value}/greta=Greta`, "--note-from", at("who")],
  ];
  const env = { ...environmentOf("two"), LOG_LEVEL: "debug" };
  const answers = await Promise.all(given.map((args) => runProgram(["privacy", ...args], { env })));
  for (const [nth, { code, stdout, stderr }] of answers.entries()) {
    expect([given[nth], code > 0, stderr === ""]).toEqual([given[nth], true, false]);
    expect([given[nth], stdout + stderr]).toEqual([given[nth], expect.not.stringMatching(/greta/i)]);
  }
});

test("a file of requests comes in whole, or names each line that is wrong", async () => {
  const bad = await run(["import", at("bad.csv")]);
  expect([bad.code, bad.stdout]).toEqual([2, ""]);
  expect(bad.stderr).toContain("line 3: kind");
  expect(bad.stderr).not.toMatch(/greta|forget/i);
  const good = await run(["import", at("good.csv")]);
  expect(good.stdout).toMatch(/2 +#3 +#1 #2/);
});

test("a second person approves in part or refuses; whoever opened it may not", async () => {
  await world.append("eu", person, "minimal", 40);
  await world.append("eu", person, "phi", 20);
  await run(["open", "--kind", "erasure", "--person-from", at("person"), "--on", "eu"]);
  const [newest] = await world.sql`select number::int from privacy_request order by number desc limit 1`;
  const request = Number(newest?.number);
  await world.succeed(adminActions.recordIdentity, { request, method: "signed_in", result: "confirmed" });
  await world.succeed(adminActions.scopeRequest, { request, thorough: false });
  await world.settled();
  const part = ["--refuse", "eu/phi=eu_17_3_b", "--note-from", at("note")];
  expect(await run(["approve", String(request), ...part])).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("Whoever opened it"),
  });
  expect(await run(["approve", String(request), "--refuse", "us/phi=eu_17_3_b"], "two")).toMatchObject({
    code: 2,
  });
  const approved = await run(["approve", String(request), ...part], "two");
  expect([approved.stderr, approved.stdout]).toEqual([
    "",
    `Request #${request} is granted in part: 1 granted, 1 refused.\n`,
  ]);
  const shown = await run(["show", String(request)]);
  expect(shown.stdout).toContain("phi on eu: refuse (eu_17_3_b)");
  expect(shown.stdout).not.toMatch(/greta/i);
  const refused = await run(["refuse", "1", "--ground", "eu_11_2"], "two");
  expect(refused.stdout).toContain("Request #1 is refused");
  expect(await run(["refuse", "2", "--ground", "eu_11_2"], "viewer")).toMatchObject({ code: 3 });
});
