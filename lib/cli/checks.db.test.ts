import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeEvaluation } from "../testing/check-states.ts";
import { compileCache } from "../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-checks-"));
const check = "connections.idle_in_transaction";
let own: TestDatabase;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  own = await createDatabase({ template: "console" });
  const nowhere = { database_url: "postgres://nobody:none@127.0.0.1:1/none" };
  environment = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    AUDIT_DATABASES: JSON.stringify({ one: nowhere, two: nowhere }),
    CONSOLE_DATABASE_URL: own.url,
  };
  const session = { kind: "session", pid: 4711, backendStart: new Date(0), name: "report-worker" } as const;
  await storeEvaluation(own.sql, { target: "one", check, evaluatedAt: new Date() }, [
    { object: session, state: "warning", value: 480, threshold: { warning: 300, critical: 900 } },
    { object: { kind: "role", name: "etl" }, state: "ok", value: 3 },
  ]);
});
afterAll(async () => {
  await own?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The real program; no target answers. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const main = path.resolve(import.meta.dirname, "main.ts");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, "checks", ...args],
      { env: environment, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

test("lists and shows what the evaluator stored, though no target answers", async () => {
  const [listed, all, shown, unclear, unknown] = await Promise.all([
    run("--state", "warning", "--json"),
    run("list", "--topic", "connections", "--target", "two"),
    run("show", check, "--target", "one"),
    run("show", check),
    run("show", "connections.nothing", "--target", "one"),
  ]);
  expect([listed.code, listed.stderr]).toEqual([0, ""]);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    targets: ["one", "two"],
    standings: [{ target: "one", check, state: "warning", counts: { warning: 1, ok: 1 } }],
  });
  expect(all.stdout).toMatch(/no data +two +connections\.used +– +>= 75 % \/ 90 % +– +Not evaluated yet\./);
  expect(all.stdout).not.toMatch(/no data +one/);
  expect(shown.stdout).toContain(`Idle in transaction (${check}) on one: warning`);
  expect(shown.stdout).toContain("Limits: >= 5 min / 15 min (the console's own)");
  expect(shown.stdout).toMatch(/warning +pid 4711 \(report-worker\) +8 min +>= 5 min \/ 15 min/);
  expect(shown.stdout).toMatch(/ok +etl +3 s .* role:etl/);
  expect([unclear.code, unknown.code]).toEqual([2, 4]);
});

test("sets limits as people write them, and resets them", async () => {
  const set = await run(
    "set-threshold",
    check,
    "--warning",
    "1 min",
    "--critical",
    "none",
    "--target",
    "one",
  );
  expect([set.code, set.stderr]).toEqual([0, ""]);
  expect(set.stdout).toBe(
    `${check} (one): >= 1 min / none; before: >= 5 min / 15 min. It holds from the next evaluation on.\n`,
  );
  const stored = () =>
    own.sql`select target, object_key, limits, set_by, set_by_name from check_threshold order by target`;
  expect(await stored()).toMatchObject([
    { target: "one", object_key: "*", limits: { warning: 60, critical: null }, set_by: null },
  ]);
  const everywhere = await run(
    "set-threshold",
    check,
    "--warning",
    "30",
    "--critical",
    "90",
    "--all-targets",
    "--json",
  );
  expect(JSON.parse(everywhere.stdout)).toMatchObject({ target: "*", after: { warning: 30, critical: 90 } });
  const reset = await run("reset-threshold", check, "--target", "one");
  expect(reset.stdout).toBe(`${check} (one): >= 30 s / 1.5 min again; before: >= 1 min / none.\n`);
  expect(await stored()).toMatchObject([{ target: "*" }]);
});

test("what makes no sense is refused with the status that says why", async () => {
  const set = (...args: string[]) => run("set-threshold", ...args);
  const limits = ["--warning", "1", "--critical", "2"];
  const results = await Promise.all([
    // No figure, and a share without its sign.
    set(check, "--warning", "soon", "--critical", "none", "--target", "one"),
    set("connections.used", "--warning", "80", "--critical", "none", "--target", "one"),
    // Critical below warning.
    set(check, "--warning", "2 h", "--critical", "1 h", "--target", "one"),
    // Two scopes, and none where there are several targets.
    set(check, ...limits, "--target", "one", "--all-targets"),
    set(check, ...limits),
    // An object that is none, and a reset of nothing.
    set(check, ...limits, "--target", "one", "--object", "role:x"),
    run("reset-threshold", "connections.used", "--target", "one"),
  ]);
  expect(results.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 4, 4]);
  expect(results[1]?.stderr).toContain("write 80 %, or none");
});
