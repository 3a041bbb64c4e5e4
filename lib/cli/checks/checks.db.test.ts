import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeEvaluation } from "../../testing/check-states.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";

const commandLine = openCommandLine();
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-checks-"));
const check = "connections.idle_in_transaction";
let own: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  own = await createDatabase({ template: "console" });
  const nowhere = { database_url: "postgres://nobody:none@127.0.0.1:1/none" };
  environment = {
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
  await commandLine.close();
  await own?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The real program; no target answers. */
const run = (...args: string[]) => commandLine.run(["checks", ...args], { env: environment });

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

test("what was set goes into a file and comes back from it, exactly, all of it or nothing", async () => {
  const file = path.join(dataDir, "limits.yaml");
  const given = `checks:
  target.reachable:
    - target: two
      for: 1 min
  ${check}:
    - warning: 2 min
      critical: 4 min
    - target: one
      object: role:etl
      warning: 1 min
      critical: none
      for: 30 s
      keep_firing_for: 10 min
`;
  await own.sql`delete from check_threshold`;
  writeFileSync(file, given);
  const dry = await run("import", file, "--dry-run");
  expect([dry.code, dry.stderr]).toEqual([0, ""]);
  expect(dry.stdout).toContain(`${check} (one, role:etl): >= 1 min / none; before: not set`);
  expect(await own.sql`select from check_threshold`).toHaveLength(0);
  expect((await run("import", file)).stdout).toContain("3 thresholds set");
  expect((await run("export")).stdout).toBe(given);
  const [stored] = await own.sql`
    select limits, for_seconds, keep_firing_seconds from check_threshold where object_key = 'role:etl'`;
  const limits = { warning: 60, critical: null };
  expect(stored).toEqual({ limits, for_seconds: 30, keep_firing_seconds: 600 });
  const activity = await own.sql`select action, detail from activity where action = 'check.import'`;
  expect(activity).toMatchObject([{ detail: { set: 3, checks: [check, "target.reachable"] } }]);
  // One object that is not there, and nothing of the file is set.
  writeFileSync(file, given.replace("role:etl", "role:nobody").replace("2 min", "3 min"));
  const refused = await run("import", file);
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('no object "role:nobody"')]);
  expect((await run("export")).stdout).toBe(given);
  writeFileSync(file, given.replace("2 min", "2 minuts"));
  const broken = await run("import", file);
  expect(broken.code).toBe(2);
  expect(broken.stderr).toContain(`${file}, line 6: warning: write 300, 5 min or 2 h, or none.`);
  const only = await run("set", "target.reachable", "--for", "2 min", "--target", "two");
  expect(only.code).toBe(0);
  const own2 = await own.sql`select for_seconds from check_threshold where target = 'two'`;
  expect(own2).toEqual([{ for_seconds: 120 }]);
});

test("a guarded check's limits beyond its own are marked, and nothing of the file is set without a second administrator", async () => {
  const file = path.join(dataDir, "guarded.yaml");
  writeFileSync(
    file,
    `checks:
  partitions.rows_changed:
    - critical: "5"
  ${check}:
    - warning: 7 min
      critical: 9 min
`,
  );
  await own.sql`delete from check_threshold`;
  const dry = await run("import", file, "--dry-run");
  expect(dry.stdout).toContain("Needs a second administrator: partitions.rows_changed (every target): ");
  expect(dry.stdout).toContain(`\n${check} (every target): `);
  for (const args of [
    ["import", file],
    ["set", "partitions.rows_changed", "--warning", "none", "--critical", "5", "--target", "one"],
  ]) {
    const refused = await run(...args);
    // The command line itself is nobody who could ask for an approval.
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("A person must do this")]);
  }
  expect(await own.sql`select from check_threshold`).toHaveLength(0);
  const stricter = await run(
    "set",
    "checks.missed",
    "--warning",
    "2",
    "--critical",
    "none",
    "--target",
    "one",
  );
  expect([stricter.code, stricter.stderr]).toEqual([0, ""]);
});

test("judging now tells what it cannot ask, and writes nothing", async () => {
  const tested = await run("test", check, "--target", "two");
  expect(tested.code).toBe(0);
  expect(tested.stdout).toContain(`Idle in transaction (${check}) on two, now:`);
  expect(tested.stdout).toContain("It could not be evaluated: ");
  expect(await own.sql`select from check_evaluation where target = 'two'`).toHaveLength(0);
  expect((await run("test", "target.reachable", "--target", "two")).stdout).toMatch(
    /critical +the whole target/,
  );
});
