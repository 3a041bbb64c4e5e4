import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../testing/database.ts";

let state: TestDatabase;
beforeAll(async () => {
  state = await createDatabase({ template: "console" });
});
afterAll(() => state.drop());

const root = path.resolve(import.meta.dirname, "../..");
/** One line of each part: an engine that two callers open, a verb that fails unexpectedly, a sign-in, the process itself. */
const program = `
  import { z } from "zod";
  import { closeTargets, findTarget } from "./lib/audit-db/registry.ts";
  import { systemActor } from "./lib/auth/actor.ts";
  import { defineAdminAction } from "./lib/verbs/admin-action.ts";
  import { runAdminAction } from "./lib/verbs/run-admin-action.ts";
  import { createAuthOptions } from "./lib/auth/auth-options.ts";
  import { closeConsoleDb, consoleDb } from "./lib/db/console-db.ts";
  import { openEngine } from "./lib/engines/open-engine.ts";
  import { openConfiguredTarget } from "./lib/engines/open-target.ts";
  import { env } from "./lib/env.ts";
  import { limitLines } from "./lib/log/log-limit.ts";
  import { openLog, processLogger } from "./lib/log/process-logger.ts";

  openLog("web").info({}, "begun");
  openLog("worker");
  const byVerb = openConfiguredTarget("audit");
  if (openEngine(findTarget(env().targets, "audit")) !== byVerb) throw new Error("two engines");
  await byVerb.server().catch(() => {});
  await runAdminAction(
    defineAdminAction({
      name: "test.fail",
      role: "viewer",
      input: z.unknown(),
      run: async () => { throw new TypeError("odd"); },
    }),
    { console: consoleDb(), actor: systemActor("test"), auditTargets: [] },
    {},
  );
  const logger = limitLines(processLogger().child({ module: "auth" }));
  createAuthOptions({ console: consoleDb(), ip: null, userAgent: null, cookies: [], setCookie() {}, logger })
    .logger.error("SIGN_IN", new Error("odd"));
  await closeTargets();
  await closeConsoleDb();
`;

async function linesAs(format: "json" | "pretty"): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: root,
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
      CONSOLE_DATABASE_URL: state.url,
      NEXTAUTH_SECRET: "x".repeat(40),
      LOG_LEVEL: "info",
      LOG_FORMAT: format,
    },
  });
  return stdout;
}

test("every part writes a JSON object a line under the process's name and its own, whoever opened it", async () => {
  const lines = (await linesAs("json"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(["web"]));
  const told = lines.map(({ module, msg, target, action }) => [module, msg, target ?? action]);
  expect(told.toSorted()).toEqual(
    [
      ["auth", "next-auth", undefined],
      ["engine", "target state changed", "audit"],
      ["verbs", "unexpected error", "test.fail"],
      [undefined, "begun", undefined],
    ].toSorted(),
  );
});

test("LOG_FORMAT=pretty holds for every part", async () => {
  const text = await linesAs("pretty");
  expect(text).not.toMatch(/^\{/m);
  for (const module of ["engine", "verbs", "auth"])
    expect(text).toMatch(new RegExp(`^ +module: "${module}"`, "m"));
  expect(text.match(/^\[[\d:]+\] \w+ \(web\): /gm)).toHaveLength(4);
});
