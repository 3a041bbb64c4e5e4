import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCommandLine } from "../../testing/command-line.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";

const main = path.resolve(import.meta.dirname, "../main.ts");
const commandLine = openCommandLine();
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-upkeep-"));
let console: TestDatabase;
let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  [console, database] = await Promise.all([
    createDatabase({ template: "console" }),
    createDatabase({ server: 15, template: "empty" }),
  ]);
  environment = { CONSOLE_DATABASE_URL: console.url, AUDIT_DATABASE_URL: database.url };
});
afterAll(async () => {
  await commandLine.close();
  rmSync(dataDir, { recursive: true, force: true });
  await Promise.all([console?.drop(), database?.drop()]);
});

const run = (args: string[], more: Record<string, string> = {}) =>
  commandLine.run(args, { env: { DATA_DIR: dataDir, ...environment, ...more } });
/** The real program on a terminal of its own: what is typed follows each question. @returns all that it showed */
async function onTerminal(args: string[], more: Record<string, string>, typed: [string, string][]) {
  const quoted = [process.execPath, main, ...args]
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", quoted, "/dev/null"], {
    env: {
      ...{ NODE_ENV: "test", ...compileCache, PATH: process.env.PATH, DATA_DIR: dataDir },
      ...environment,
      ...more,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const [next] = typed;
    if (!next || !shown.includes(next[0])) return;
    typed.shift();
    child.stdin.write(`${next[1]}\n`);
  });
  const [code] = await once(child, "close");
  expect([code, typed]).toEqual([0, []]);
  return shown;
}
const rules = () =>
  console.sql`select state, cron, ahead, proposed_by_name, approved_by_name from partition_upkeep`;
const migrate = (...more: string[]) => run(["migrate", "--url", database.url, "--apply", "--yes", ...more]);

test("migrate proposes the upkeep of our table; with --upkeep=no not even that, with --upkeep=yes it is on", async () => {
  const not = await migrate("--upkeep=no");
  expect([not.code, await rules()]).toEqual([0, []]);

  const proposed = await migrate();
  expect(proposed.stdout).toContain(
    "The upkeep of audit_log is proposed, and off until a person approves it",
  );
  expect(await rules()).toMatchObject([
    { state: "proposed", cron: "17 3 * * *", ahead: 3, approved_by_name: null },
  ]);

  const unable = await migrate("--upkeep=yes");
  expect([unable.code, unable.stderr]).toEqual([
    6,
    expect.stringContaining("The upkeep cannot be turned on: audit has no maintenance connection."),
  ]);

  const on = await run(["migrate", "--url", database.url, "--apply", "--upkeep=yes", "--json"], {
    AUDIT_MAINTENANCE_URL: database.url,
  });
  expect(JSON.parse(on.stdout)).toMatchObject({ pending: [], upkeep: "approved" });
  expect(await rules()).toMatchObject([
    { state: "approved", approved_by_name: expect.stringMatching(/^command line \(/) },
  ]);
  expect(await console.sql`select name from schedule`).toEqual([
    { name: "partitions.upkeep:audit:public.audit_log" },
  ]);
  expect(await console.sql`select action from activity order by id`).toEqual([
    { action: "upkeep.set" },
    { action: "upkeep.approve" },
  ]);
});

test("of a database that is no target of this console it says where to propose it", async () => {
  const elsewhere = await run(["migrate", "--url", database.url, "--apply"], {
    AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
  });
  expect([elsewhere.code, elsewhere.stdout]).toEqual([
    0,
    expect.stringContaining("None of the configured targets is this database."),
  ]);
});

test("list, preview and set; what no person answers for is not approved", async () => {
  const upkeep = (...args: string[]) => run(["partitions", "upkeep", ...args, "--json"]);
  const of = ["--table", "audit_log"];
  const [listed, previewed, approved, bad] = await Promise.all([
    upkeep("list"),
    upkeep("preview", ...of),
    upkeep("approve", ...of),
    upkeep("set", ...of, "--window", "04:00-05:00"),
  ]);
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { table: { name: "audit_log" }, state: "approved", on: true, words: "every day at 03:17" },
  ]);
  expect(JSON.parse(previewed.stdout).runs).toHaveLength(5);
  expect([approved.code, approved.stderr]).toEqual([3, expect.stringContaining("A person must do this")]);
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("does not hold the run of")]);
  const set = await upkeep("set", ...of, "--ahead", "5", "--window", "02:00-05:00");
  expect(JSON.parse(set.stdout)).toEqual({ revision: 2, state: "proposed" });
  expect(await rules()).toMatchObject([{ state: "proposed", ahead: 5 }]);
});

test("on a terminal migrate asks, and what is typed decides; where nobody can be asked it is only proposed", async () => {
  const rule = async () => (await rules()).map(({ state }) => state);
  const forget = () => console.sql.unsafe("truncate partition_upkeep, schedule");
  const more = { AUDIT_MAINTENANCE_URL: database.url };
  const question = "Shall the console make audit_log's next partitions, three ahead, every day at 03:17 UTC?";
  await forget();
  const yes = await onTerminal(["migrate", "--url", database.url, "--apply"], more, [[question, "yes"]]);
  expect(yes).toContain("The upkeep of audit_log is on: its next partitions are made every day.");
  expect(await rule()).toEqual(["approved"]);
  await forget();
  const no = await onTerminal(["migrate", "--url", database.url, "--apply"], more, [[question, "no"]]);
  expect(no).toContain("The upkeep of audit_log is proposed, and off until a person approves it");
  expect(await rule()).toEqual(["proposed"]);
  await forget();
  const piped = await run(["migrate", "--url", database.url, "--apply"], more);
  expect(piped.stderr).not.toContain(question);
  expect(await rule()).toEqual(["proposed"]);
});
