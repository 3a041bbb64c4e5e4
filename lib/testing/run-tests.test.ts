import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
let folder: string;

/** A project whose second test fails at first, whose third always does, and a file that does not load. */
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "run-tests-"));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  mkdirSync(path.join(folder, "lib"));
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write("package.json", '{ "type": "module" }');
  write("vitest.config.mjs", 'export default { test: { projects: [{ test: { name: "small" } }] } };');
  write(
    "lib/built.test.mjs",
    `import { existsSync, writeFileSync } from "node:fs";
     import { expect, test } from "vitest";
     let built = 0;
     test("builds", () => { expect(++built).toBe(1); });
     test("stands on it", () => {
       const known = existsSync("known");
       writeFileSync("known", "");
       expect([built, known]).toEqual([1, true]);
     });
     test("never", () => { expect("so").toBe("otherwise"); });`,
  );
  write(
    "lib/hooked.test.mjs",
    'import { beforeAll, test } from "vitest"; beforeAll(() => { throw new Error("no server"); }); test("unreached", () => {});',
  );
  write("lib/lost.test.mjs", 'import "./gone.mjs";');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...more: string[]): Promise<number> {
  const program = path.join(root, "lib/testing/run-tests.ts");
  const { VITEST: _, ...env } = { NODE_ENV: "test" as const, PATH: process.env.PATH, VITEST: undefined };
  return new Promise((resolve) =>
    execFile(process.execPath, [program, "small", "report.json", ...more], { cwd: folder, env }, (error) =>
      resolve(Number(error?.code ?? 0)),
    ),
  );
}
const report = () => JSON.parse(readFileSync(path.join(folder, "report.json"), "utf8"));

test("what fails is named with its error; the files that failed are run again as a whole when that is asked for", async () => {
  expect(await run()).toBe(1);
  const always = [
    {
      name: "lib/built.test.mjs: never",
      error: expect.stringMatching(/^AssertionError: expected 'so' to be/),
    },
    { name: "lib/hooked.test.mjs: the file or a hook of it", error: "Error: no server" },
    { name: "lib/lost.test.mjs: the file or a hook of it", error: expect.stringContaining("gone.mjs") },
  ];
  const once = {
    name: "lib/built.test.mjs: stands on it",
    error: expect.stringContaining("to deeply equal"),
  };
  const first = report();
  expect(first).toMatchObject({ passed: 1, failed: 4, flaky: [] });
  expect(first.failures).toEqual(expect.arrayContaining([once, ...always]));

  rmSync(path.join(folder, "known"));
  expect(await run("--again")).toBe(1);
  const second = report();
  expect(second).toMatchObject({ passed: 2, failed: 3, flaky: [once] });
  expect(second.failures).toEqual(expect.arrayContaining(always));
});
