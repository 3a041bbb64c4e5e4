import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { processBegan } from "../process-identity.ts";
import { Refusal } from "../refusal.ts";
import { lockInstance } from "../supervisor/instance-lock.ts";
import { readRuntime, removeRuntime, writeRuntime } from "../supervisor/runtime.ts";
import { prepareDataDir } from "./data-dir.ts";
import { loadSecrets, rolePassword } from "./secrets.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "audit-start-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const modeOf = (file: string) => statSync(path.join(dataDir, file)).mode & 0o777;

describe("the data folder", () => {
  test("is made where it is missing", () => {
    const nested = path.join(dataDir, "a", "b");
    prepareDataDir(nested);
    expect(statSync(nested).isDirectory()).toBe(true);
  });

  test("a file in its place is refused in words", () => {
    const file = path.join(dataDir, "taken");
    writeFileSync(file, "");
    expect(() => prepareDataDir(file)).toThrow(Refusal);
    expect(() => prepareDataDir(path.join(file, "below"))).toThrow(/set DATA_DIR/);
  });
});

describe("secrets", () => {
  test("are made once, for the owner's eyes alone, and read back the same", () => {
    const first = loadSecrets(dataDir);
    expect(modeOf("secrets.json")).toBe(0o600);
    expect(loadSecrets(dataDir)).toEqual(first);
    expect(first.clusters.audit.superuserPassword).not.toBe(first.clusters.console.superuserPassword);
  });

  test("a role's password is made on first use and kept", () => {
    const secrets = loadSecrets(dataDir);
    const password = rolePassword(dataDir, secrets, "demo_watch");
    expect(rolePassword(dataDir, loadSecrets(dataDir), "demo_watch")).toBe(password);
  });

  test("a damaged file is never replaced, which would lock the databases out", () => {
    writeFileSync(path.join(dataDir, "secrets.json"), '{"sessionSecret": "x"');
    expect(() => loadSecrets(dataDir)).toThrow(/is damaged/);
    expect(readFileSync(path.join(dataDir, "secrets.json"), "utf8")).toBe('{"sessionSecret": "x"');
  });
});

describe("one instance at a time", () => {
  test("a second one is refused while the first lives, and welcome after", () => {
    const first = lockInstance(dataDir);
    expect(first.previousDied).toBe(false);
    expect(() => lockInstance(dataDir)).toThrow(`process ${process.pid}`);
    first.release();
    expect(lockInstance(dataDir).previousDied).toBe(false);
  });

  test("the claim of a process that died, or whose number another one has now, is taken over", () => {
    writeFileSync(path.join(dataDir, "instance.lock"), "999999999 long-ago\n");
    expect(lockInstance(dataDir).previousDied).toBe(true);
    writeFileSync(path.join(dataDir, "instance.lock"), `${process.pid} another beginning\n`);
    expect(lockInstance(dataDir).previousDied).toBe(true);
  });

  test("a half-written claim is no claim", () => {
    writeFileSync(path.join(dataDir, "instance.lock"), "");
    expect(lockInstance(dataDir).previousDied).toBe(true);
  });
});

describe("what a running instance tells", () => {
  const told = { address: "http://127.0.0.1:3000", environment: { PORT: "3000" } };

  test("is there while it runs, for its owner alone", () => {
    writeRuntime(dataDir, told);
    expect(modeOf("runtime.json")).toBe(0o600);
    expect(readRuntime(dataDir)).toMatchObject({ ...told, pid: process.pid });
    removeRuntime(dataDir);
    expect(readRuntime(dataDir)).toBeNull();
  });

  test("is not believed when the process is gone", () => {
    const dead = { pid: 999_999_999, began: "x", ...told };
    writeFileSync(path.join(dataDir, "runtime.json"), JSON.stringify(dead));
    expect(readRuntime(dataDir)).toBeNull();
  });
});

test("a process's beginning is stable, and null for none", () => {
  expect(processBegan(process.pid)).toBe(processBegan(process.pid));
  expect(processBegan(process.pid)).not.toBe(processBegan(process.ppid));
  expect(processBegan(999_999_999)).toBeNull();
});
