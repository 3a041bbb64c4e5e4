import { spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCommandLine } from "../../testing/command-line.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { createTestVault, type TestVault } from "../../testing/vault.ts";

const main = path.resolve(import.meta.dirname, "../main.ts");
const commandLine = openCommandLine();
const folder = mkdtempSync(path.join(tmpdir(), "audit-export-"));
const start = new Date(Date.now() - 3_600_000);
const range = ["--from", new Date(start.getTime() - 1_000).toISOString(), "--to", new Date().toISOString()];
let audit: TestDatabase;
let keys: TestVault;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  [audit, keys] = await Promise.all([createDatabase({ template: "audit", since: start }), createTestVault()]);
  environment = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    DATA_DIR: folder,
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
    AUDIT_READER_URL: await audit.login(["audit_reader"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
  };
  // Cells with line feeds and quotes, so that not every line feed ends a row of CSV.
  await audit.sql`
    insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, outcome, event_version,
      data_classification, retention_policy, details, leaf_version, leaf)
    select gen_random_uuid(), ${start}::timestamptz + n * interval '1 ms', now(), case when n <= 300 then 'few' else 'many' end,
           'a.b', 'success', e'two\nlines, "quoted"', 1, 'INTERNAL', 'standard', jsonb_build_object('n', n, 'pad', repeat('x', 200)), 0, ''
    from generate_series(1, 200000) n`;
});

afterAll(async () => {
  await commandLine.close();
  await Promise.all([audit.drop(), keys.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  commandLine.run(["events", "export", ...args, ...range], { env: environment });

test.each(["ndjson", "csv"])(
  "an export as %s that broke off anywhere goes on and is the whole",
  async (format) => {
    const file = path.join(folder, `resumed.${format}`);
    const few = ["--organization", "few", "--format", format];
    const whole = (await run("-", ...few)).stdout;
    expect(whole.match(/"n/g)).toHaveLength(300);
    for (const length of [0, 7, 400, 5_001, 50_003, whole.length - 1, whole.length]) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      const ran = await run(file, "--resume", ...few);
      expect([length, ran.code]).toEqual([length, 0]);
      expect(readFileSync(file, "utf8")).toBe(whole);
    }
  },
);

test("an interrupted export says how to go on, and is on record as such", async () => {
  const file = path.join(folder, "interrupted.ndjson");
  const child = spawn(process.execPath, [main, "events", "export", file, ...range], { env: environment });
  await expect
    .poll(() => existsSync(file) && readFileSync(file).length, { timeout: 60_000, interval: 5 })
    .toBeGreaterThan(0);
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
  expect((await run(file, "--resume")).code).toBe(0);
  const ids = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).id);
  expect([ids.length, new Set(ids).size]).toEqual([200_000, 200_000]);
  const entries = await keys.console.sql`
    select outcome from activity where action = 'events.export' and actor_name like 'command line%' order by id desc limit 2`;
  expect(entries.map(({ outcome }) => outcome)).toEqual(["success", "failed"]);
});

test("a Parquet file has its name once it is whole", async () => {
  const file = path.join(folder, "whole.parquet");
  const ran = await run(file, "--format", "parquet", "--organization", "few", "--json");
  expect(JSON.parse(ran.stdout)).toMatchObject({ complete: true, rows: 300, file });
  expect(readFileSync(file).subarray(-4).toString()).toBe("PAR1");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("whoever reads only the beginning of standard output ends it quietly", async () => {
  const command = `"$@" | head -n 1`;
  const args = [process.execPath, main, "events", "export", "-", ...range];
  const child = spawn("sh", ["-c", command, "sh", ...args], { env: environment });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  await new Promise((resolve) => child.on("close", resolve));
  expect(JSON.parse(out)).toMatchObject({ organizationId: "few" });
  expect(err).toBe("");
});

test("on a terminal it shows how far it has come", async () => {
  const command = [
    process.execPath,
    main,
    "events",
    "export",
    path.join(folder, "shown.csv"),
    "--format csv",
    ...range,
  ];
  // util-linux's script gives the command a terminal of its own.
  const child = spawn("script", ["-qec", command.join(" "), "/dev/null"], {
    env: { ...environment, TERM: "xterm" },
  });
  let shown = "";
  child.stdout.on("data", (chunk) => {
    shown += chunk;
  });
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  expect(shown).toMatch(/[\d,]+ events \| [\d,]+ MB \| /);
  expect(shown).toContain("200,000 events in ");
});

test.each([
  ["a file that is there", 5, "is there already", ["here.ndjson"]],
  ["a file that is not there, to go on with", 4, "no file", ["nowhere.ndjson", "--resume"]],
  ["a file of another kind, to go on with", 5, "was not made by an export", ["here.ndjson", "--resume"]],
  ["Parquet, to go on with", 2, "starts again", ["here.ndjson", "--resume", "--format", "parquet"]],
  ["a place that is none", 2, "--after", ["new.ndjson", "--after", "yesterday"]],
  ["a folder that is not there", 2, "folder does not exist", ["no/where.ndjson"]],
])("%s is refused with status %d", async (_, code, text, [file = "", ...args]) => {
  writeFileSync(path.join(folder, "here.ndjson"), "hello\n");
  const ran = await run(path.join(folder, file), ...args);
  expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(text)]);
  expect(readFileSync(path.join(folder, "here.ndjson"), "utf8")).toBe("hello\n");
});
