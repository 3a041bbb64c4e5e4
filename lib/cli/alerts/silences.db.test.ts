import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openConsoleDb } from "../../db/console-db.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { addIncident } from "../../testing/incidents.ts";

const commandLine = openCommandLine();
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-silences-"));
let own: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  own = await createDatabase({ template: "console" });
  environment = {
    DATA_DIR: dataDir,
    AUDIT_DATABASES: JSON.stringify({ one: { database_url: "postgres://nobody:none@127.0.0.1:1/none" } }),
    CONSOLE_DATABASE_URL: own.url,
  };
  const console = openConsoleDb(own.url, { max: 1 });
  await addIncident(console, { target: "one" });
  await console.close();
});
afterAll(async () => {
  await commandLine.close();
  await own?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The target does not answer. */
const run = (...args: string[]) => commandLine.run(args, { env: environment });

const match = ["--match", "check~connections.*", "severity=warning"];

test("previews, creates, lists and ends a silence; says what is wrong with one that is none", async () => {
  const [preview, unsaid, wrong, guarded] = await Promise.all([
    run("silences", "preview", ...match),
    run("silences", "create", "--reason", "Ticket AUD-1", "--minutes", "60"),
    run("silences", "preview", "--match", "colour=red"),
    run("silences", "create", "--guarded", "--everything", "--reason", "Ticket AUD-1", "--minutes", "60"),
  ]);
  expect(preview.stdout).toMatch(
    /It means \d+ of \d+ checks\. Of what fires now it would silence 1 alert of 1 incident\./,
  );
  expect(preview.stdout).toContain(
    "#1  one  warning  Session 4711 of ada is idle in transaction for 12 min.",
  );
  expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining("--match or --everything")]);
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringContaining('"colour=red" is no condition on a label'),
  ]);
  expect([guarded.code, guarded.stderr]).toEqual([3, expect.stringContaining("A person must do this")]);

  const made = await run(
    "silences",
    "create",
    ...match,
    "--reason",
    "Ticket AUD-1",
    "--minutes",
    "60",
    "--json",
  );
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const { id, alerts, incidents } = JSON.parse(made.stdout);
  expect({ alerts, incidents }).toEqual({ alerts: 1, incidents: [1] });
  const listed = await run("silences", "--state", "active");
  expect(listed.stdout).toMatch(
    new RegExp(
      `${id} +active +one +check~connections\\.\\* severity=warning .* 1 alert +command line .* Ticket AUD-1`,
    ),
  );
  expect((await run("silences", "end", id)).code).toBe(0);
  expect((await run("silences", "end", id)).code).toBe(5);
});

test("sets, lists, turns off and removes a maintenance window", async () => {
  const about = ["--everything", "--cron", "30 2 * * 0", "--time-zone", "Europe/Berlin", "--minutes", "90"];
  expect((await run("windows", "set", "Reindex", ...about)).code).toBe(0);
  const [listed, halfSaid] = await Promise.all([
    run("windows", "list"),
    run("windows", "set", "Reindex", "--everything", "--cron", "30 2 * * 0"),
  ]);
  expect(listed.stdout).toMatch(
    /Reindex +one +everything +every Sunday at 02:30 \(Europe\/Berlin\) for 90 min +on /,
  );
  expect([halfSaid.code, halfSaid.stderr]).toEqual([2, expect.stringContaining("--cron and --minutes")]);
  expect((await run("windows", "disable", "Reindex")).code).toBe(0);
  expect((await run("windows", "list")).stdout).toMatch(/Berlin\) for 90 min +off /);
  expect((await run("windows", "remove", "Reindex")).code).toBe(0);
  expect((await run("windows", "remove", "Reindex")).code).toBe(4);
});
