import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inheritedEnv } from "../../env.ts";
import { processBegan } from "../process-identity.ts";
import { type Child, startChild } from "./child.ts";

const node = path.resolve(import.meta.dirname, "../../../node_modules/.bin/node");
let folder: string;
let child: Child | undefined;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "audit-child-"));
  said = [];
});
afterEach(async () => {
  await child?.stop(200);
  rmSync(folder, { recursive: true, force: true });
});

function run(program: string): Child {
  const file = path.join(folder, "program.mjs");
  writeFileSync(file, program);
  child = startChild({
    name: "web",
    command: [file],
    cwd: folder,
    env: inheritedEnv(),
    say: (text) => said.push(text),
    quietUntilShown: true,
  });
  return child;
}

async function until(condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms; ${said.join(" | ")}`);
    await sleep(20);
  }
}

describe("a supervised process", () => {
  test("that dies is started again, and the terminal hears of it", async () => {
    const web = run('console.log("up"); setTimeout(() => process.exit(7), 50)');
    await until(() => web.output.split("up").length > 2);
    expect(said[0]).toBe("web ended unexpectedly (status 7); starting it again in 1 s");
    expect(web.failures).toBeGreaterThan(0);
  });

  test("stops on request and stays stopped", async () => {
    const web = run("setInterval(() => {}, 1000)");
    const pid = web.pid();
    await web.stop();
    expect(pid && processBegan(pid)).toBeNull();
    await sleep(1_200);
    expect(web.pid()).toBeUndefined();
    expect(said).toEqual([]);
  });

  test("that ignores the request is killed after its grace", async () => {
    const web = run('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)');
    await until(() => web.output.includes("up"));
    const began = Date.now();
    await web.stop(300);
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(web.pid()).toBeUndefined();
  });

  test("restarts at once when asked to", async () => {
    const web = run('console.log("up"); setInterval(() => {}, 1000)');
    await until(() => web.output.includes("up"));
    const first = web.pid();
    web.restart();
    await until(() => web.pid() !== undefined && web.pid() !== first);
    expect(said).toEqual([]);
  });
});

test("a process whose supervisor is killed with -9 ends by itself", async () => {
  const pidFile = path.join(folder, "pid");
  writeFileSync(
    path.join(folder, "worker.mjs"),
    `import { writeFileSync } from "node:fs";
     writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
     setInterval(() => {}, 1000);`,
  );
  writeFileSync(
    path.join(folder, "supervisor.mjs"),
    `import { startChild } from ${JSON.stringify(path.join(import.meta.dirname, "child.ts"))};
     startChild({ name: "worker", command: ["worker.mjs"], cwd: ${JSON.stringify(folder)}, env: process.env, say() {} });`,
  );
  const supervisor = spawn(node, [path.join(folder, "supervisor.mjs")], { stdio: "ignore" });
  const workerPid = () => {
    try {
      return Number(readFileSync(pidFile, "utf8"));
    } catch {
      return 0;
    }
  };
  await until(() => workerPid() > 0);
  const pid = workerPid();
  expect(processBegan(pid)).not.toBeNull();
  supervisor.kill("SIGKILL");
  await until(() => processBegan(pid) === null, 6_000);
});
