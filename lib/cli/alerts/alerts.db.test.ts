import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCommandLine } from "../../testing/command-line.ts";
import { evaluateFound, foundCheck } from "../../testing/evaluate.ts";
import { addUser, createConsole } from "../../testing/people.ts";

const commandLine = openCommandLine();
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-alerts-"));
let made: Awaited<ReturnType<typeof createConsole>>;
let environment: Record<string, string>;

beforeAll(async () => {
  made = await createConsole();
  const nowhere = { database_url: "postgres://x@127.0.0.1:1/x" };
  environment = {
    DATA_DIR: dataDir,
    CONSOLE_DATABASE_URL: made.test.url,
    AUDIT_DATABASES: JSON.stringify({ eu: nowhere, us: nowhere }),
  };
  const at = new Date(Date.now() - 60_000);
  const found = (target: string, check: string, state: "warning" | "critical") =>
    evaluateFound(made.test.sql, target, [{ check: foundCheck(check), at, objects: [["a", state]] }]);
  await found("eu", "connections.used", "warning");
  await found("us", "connections.used", "critical");
});
afterAll(async () => {
  await commandLine.close();
  await made?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const run = (...args: string[]) => commandLine.run(["alerts", ...args], { env: environment });
const json = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);
const state = async (number: string) => (await json("show", number)).state;

test("the worst comes first, --target leaves one's alone, and show tells what happened", async () => {
  const listed = await json("list");
  expect(
    listed.incidents.map(({ number, target }: { number: number; target: string }) => [number, target]),
  ).toEqual([
    [2, "us"],
    [1, "eu"],
  ]);
  expect((await run("list", "--target", "eu")).stdout).toMatch(
    /^1 +warning +eu +a is warning\. +1 firing +open/m,
  );
  const shown = await run("show", "#2");
  expect(shown.stdout).toMatch(/^a is critical\.\n\nincident {5}#2 \(/);
  expect(shown.stdout).toMatch(/opened\n$/);
});

test("what is done to incidents of several targets at once, and the exit status where one could not be", async () => {
  expect(await run("ack", "1", "2", "--until", "4h")).toMatchObject({
    code: 0,
    stdout: "#1 is acknowledged.\n#2 is acknowledged.\n",
  });
  expect(await run("ack", "1")).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(/#1 cannot be acknowledged: it is acknowledged by command line/),
  });
  expect((await run("unack", "1")).code).toBe(0);
  expect(await state("1")).toBe("open");
  const { email } = await addUser(made.console, "operator", { name: "Ada" });
  expect((await run("assign", "1", email)).stdout).toBe(`#1 is assigned to ${email}.\n`);
  expect((await run("snooze", "1", "--until", "2d")).code).toBe(0);
  expect(await state("1")).toBe("snoozed");
  expect((await run("comment", "1", "Looked at it.")).code).toBe(0);
  expect(await run("close", "1")).toMatchObject({ code: 2, stderr: expect.stringContaining("say why") });
  expect((await run("close", "1", "--reason", "Known since Monday")).code).toBe(0);
  expect((await run("show", "1")).stdout).toMatch(
    /commented by .*: Looked at it\.\n.*closed by .*: Known since Monday\n$/,
  );
  expect(await run("ack", "77")).toMatchObject({ code: 4 });
  expect(await run("ack", "seven")).toMatchObject({ code: 2 });
  expect(await run("snooze", "2", "--until", "yesterday")).toMatchObject({ code: 2 });
});
