import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileCache } from "../../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { createTestVault, type TestVault } from "../../testing/vault.ts";

const main = path.resolve(import.meta.dirname, "../main.ts");
const folder = mkdtempSync(path.join(tmpdir(), "audit-import-"));
let audit: TestDatabase;
let keys: TestVault;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  [audit, keys] = await Promise.all([createDatabase({ template: "audit" }), createTestVault()]);
  environment = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    DATA_DIR: folder,
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
    AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
  };
});

afterAll(async () => {
  await Promise.all([audit.drop(), keys.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

function start(args: string[]) {
  const child = spawn(process.execPath, [main, "events", "import", ...args], { env: environment });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, out, err })),
  );
  return { child, ended };
}

const lines = (organization: string, count: number) =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({ organizationId: organization, action: "a.b", status: "success", details: { i } }),
  ).join("\n");
const stored = async (organization: string) =>
  (
    await audit.sql`
    select count(*)::int as n, count(distinct details ->> 'i')::int as "different"
    from audit_log where organization_id = ${organization}`
  )[0];

test("killed in the middle, the same command goes on and doubles nothing", async () => {
  const file = path.join(folder, "killed.ndjson");
  writeFileSync(file, lines("killed", 60_000));
  const { child, ended } = start([file]);
  await expect
    .poll(async () => (await stored("killed"))?.n, { timeout: 20_000, interval: 20 })
    .toBeGreaterThan(2_000);
  child.kill("SIGKILL");
  await ended;
  const before = (await stored("killed"))?.n;
  expect(before).toBeLessThan(60_000);
  const again = await start([file]).ended;
  expect(again.out).toMatch(/Going on after \d+ lines/);
  expect(again.code).toBe(0);
  expect(await stored("killed")).toEqual({ n: 60_000, different: 60_000 });
  expect(existsSync(`${file}.import-state.json`)).toBe(false);
});

test.each([
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
] as const)(
  "a file in %s is known by its first bytes, bad lines go to a file with their reason",
  async (name, pack) => {
    const file = path.join(folder, `${name}.log`);
    const person = JSON.stringify({
      organizationId: name,
      action: "a",
      status: "success",
      actor: { id: "u-1", name: "Ada" },
    });
    // Two members, as `cat a b` makes them: both are the file.
    const members = [`${lines(name, 10)}\n{"broken\n`, `${person}\n{"organizationId":"${name}"}\n`];
    writeFileSync(file, Buffer.concat(members.map((text) => pack(text))));
    const ran = await start([file, "--json"]).ended;
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.out)).toMatchObject({ complete: true, counts: { stored: 11, rejected: 2 } });
    const refused = readFileSync(`${file}.rejected.ndjson`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(refused).toMatchObject([
      { line: 11, outcome: "rejected" },
      { line: 13, outcome: "rejected", errors: { action: expect.any(String) } },
    ]);
  },
);

test("a file that is cut short is an error that says what is stored, and of which lines", async () => {
  const file = path.join(folder, "short.ndjson.gz");
  const text = `7\n${lines("short", 1_700)}\n`;
  writeFileSync(file, gzipSync(text, { level: 0 }).subarray(0, text.length - 5_000));
  const ran = await start([file]).ended;
  expect([ran.code, ran.err]).toEqual([
    2,
    expect.stringMatching(
      /cut short.* Of the lines up to 1000, 999 are stored, 1 was rejected\. Run the same command again/,
    ),
  ]);
  expect((await stored("short"))?.n).toBe(999);
});

test("on a terminal a bar shows how far it has come", async () => {
  const file = path.join(folder, "shown.ndjson");
  writeFileSync(file, lines("shown", 5_000));
  // util-linux's script gives the command a terminal of its own.
  const command = [process.execPath, main, "events", "import", file].join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], { env: { ...environment, TERM: "xterm" } });
  let shown = "";
  child.stdout.on("data", (chunk) => {
    shown += chunk;
  });
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
  expect(shown).toMatch(/ 100 % \| 5000 lines \| .* left/);
  expect(shown).toContain("5,000 stored");
});

test("a file that changed since is not gone on with", async () => {
  const file = path.join(folder, "changed.ndjson");
  writeFileSync(file, lines("changed", 5));
  writeFileSync(
    `${file}.import-state.json`,
    JSON.stringify({ key: "k", sizeBytes: 1, modifiedMs: 1, nextBatch: 1, counts: {} }),
  );
  const ran = await start([file]).ended;
  expect([ran.code, ran.err]).toEqual([5, expect.stringContaining("has changed since")]);
  expect((await start([file, "--restart"]).ended).code).toBe(0);
  expect((await stored("changed"))?.n).toBe(5);
});

test("standard input is read to its end", async () => {
  const { child, ended } = start(["-"]);
  child.stdin.end(lines("stdin", 1_500));
  expect((await ended).code).toBe(0);
  expect((await stored("stdin"))?.n).toBe(1_500);
});
