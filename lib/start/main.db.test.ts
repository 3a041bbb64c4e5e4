import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inheritedEnv } from "../env.ts";
import { compileCache } from "../testing/compile-cache.ts";
import { createDatabase } from "../testing/database.ts";
import { readPostmaster } from "./embedded/cluster/postmaster.ts";
import { processBegan } from "./process-identity.ts";
import { newSecret } from "./settings/rung.ts";
import { readRuntime } from "./supervisor/runtime.ts";

const root = path.resolve(import.meta.dirname, "../..");
const node = path.join(root, "node_modules", ".bin", "node");
let folder: string;
let occupied: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "audit-main-"));
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  const server = occupied;
  occupied = undefined;
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  pid: number;
  output(): string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; output: string }>;
  /** Resolves when the output holds the text; rejects when it ends first. */
  says(text: string): Promise<void>;
}

/** What the children of a process were started with. */
function environmentsBelow(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return children.filter(Boolean).map((child) => readFileSync(`/proc/${child}/environ`, "utf8"));
}

function start(env: Record<string, string>): Run {
  const bare = Object.fromEntries(
    Object.entries(inheritedEnv()).filter(([name]) => name === "PATH" || name === "HOME"),
  );
  const child = spawn(node, [path.join(import.meta.dirname, "main.ts"), "start"], {
    cwd: root,
    env: { NODE_ENV: "production", ...compileCache, ...bare, DATA_DIR: path.join(folder, "data"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal) => child.kill(signal),
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const check = () => output.includes(text) && resolve();
        child.stdout.on("data", check);
        child.once("close", (code) =>
          reject(new Error(`ended with ${code} before it said "${text}": ${output}`)),
        );
        check();
      }),
  };
}

/** The last paragraph of what it said; a stack trace would show as lines that begin with "at". */
function paragraph(output: string): string {
  expect(output).not.toMatch(/^\s+at /m);
  const paragraphs = output.trim().split("\n\n");
  return (paragraphs.at(-1) ?? "").trim();
}

describe("what stands in the way is one paragraph and an exit status", () => {
  test("a malformed environment: 2, every variable named, no value shown", async () => {
    const { code, output } = await start({ PORT: "http", AUDIT_DATABASE_URL: "mysql://me:geheim@x" }).ended;
    expect(code).toBe(2);
    expect(paragraph(output)).toMatch(/AUDIT_DATABASE_URL: .*PORT: /);
    expect(paragraph(output).split("\n")).toHaveLength(1);
    expect(output).not.toContain("geheim");
    expect(existsSync(path.join(folder, "data"))).toBe(false);
  });

  test("production without secrets: 2, with the command that makes them", async () => {
    const { code, output } = await start({
      CONSOLE_DATABASE_URL: "postgres://c:geheim@127.0.0.1:1/c",
      AUDIT_DATABASE_URL: "postgres://a:geheim@127.0.0.1:1/a",
    }).ended;
    expect(code).toBe(2);
    expect(paragraph(output)).toContain("openssl rand -base64 32");
    expect(output).not.toContain("geheim");
  });

  test("a port in use: 1, before anything is started", async () => {
    const port = await new Promise<number>((resolve) => {
      const server = createServer();
      occupied = server;
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
    const { code, output } = await start({ PORT: String(port) }).ended;
    expect(code).toBe(1);
    expect(paragraph(output)).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(existsSync(path.join(folder, "data", "audit"))).toBe(false);
  });

  test("a data folder that cannot be made: 1, naming DATA_DIR", async () => {
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    const { code, output } = await start({ DATA_DIR: path.join(file, "data") }).ended;
    expect(code).toBe(1);
    expect(paragraph(output)).toContain("set DATA_DIR");
  });

  const production = {
    AUDIT_DATABASE_URL: "postgres://a:geheim@127.0.0.1:1/a",
    NEXTAUTH_SECRET: newSecret(),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: newSecret(),
    ROLE: "worker",
  };

  test("a console database that nobody answers for: 1, no URL shown", async () => {
    const url = "postgres://c:geheim@127.0.0.1:1/c";
    const { code, output } = await start({ ...production, CONSOLE_DATABASE_URL: url }).ended;
    expect(code).toBe(1);
    expect(paragraph(output)).toMatch(/console database cannot be reached.*CONSOLE_DATABASE_URL/);
    expect(output).not.toContain("geheim");
  });

  test("a console database that refuses the password: 1", async () => {
    const database = await createDatabase({ server: 18, template: "empty" });
    const url = new URL(database.url);
    url.password = "geheim";
    const { code, output } = await start({ ...production, CONSOLE_DATABASE_URL: url.href }).ended;
    await database.drop();
    expect(code).toBe(1);
    expect(paragraph(output)).toContain("refused the password");
    expect(output).not.toContain("geheim");
  });

  test("a damaged secrets file: 1, and the file is left as it is", async () => {
    mkdirSync(path.join(folder, "data"));
    writeFileSync(path.join(folder, "data", "secrets.json"), "{");
    const { code, output } = await start({ ROLE: "worker" }).ended;
    expect(code).toBe(1);
    expect(paragraph(output)).toContain("secrets.json is damaged");
  });

  test("a password for the first administrator that is too weak: 2", async () => {
    const database = await createDatabase({ server: 18, template: "empty" });
    const { code, output } = await start({
      ...production,
      CONSOLE_DATABASE_URL: database.url,
      ADMIN_EMAIL: "ada@example.org",
      ADMIN_PASSWORD: "passwordpassword",
    }).ended;
    await database.drop();
    expect(code).toBe(2);
    expect(paragraph(output)).toContain("ADMIN_PASSWORD cannot be used");
  });
});

describe("a whole instance", () => {
  // The second rung: an embedded console beside a target that nobody answers for.
  const watching = { AUDIT_DATABASE_URL: "postgres://a:geheim@127.0.0.1:1/a", ROLE: "worker" };
  const dataDir = () => path.join(folder, "data");

  /** Read through what the running instance tells. */
  async function users(): Promise<unknown[]> {
    const sql = postgres(readRuntime(dataDir())?.environment.CONSOLE_DATABASE_URL ?? "", { max: 1 });
    try {
      return [...(await sql`select id, email, must_change_password as "mustChangePassword" from users`)];
    } finally {
      await sql.end();
    }
  }

  test("starts although its target is down and says so; tells how to sign in once; stops within ten seconds", async () => {
    const run = start({ ...watching, METRICS_TOKEN: "a-token-for-metrics" });
    await run.says("ready: ");
    expect(run.output()).toContain(
      "target audit: CANNOT BE WATCHED NOW: nothing listens at that host and port",
    );
    expect(run.output()).toMatch(/sign in as admin@localhost with the one-time password \S+/);
    expect(run.output()).not.toContain("geheim");
    expect(readRuntime(dataDir())?.pid).toBe(run.pid);
    expect(await users()).toMatchObject([{ email: "admin@localhost", mustChangePassword: true }]);
    const runtime = readFileSync(path.join(dataDir(), "runtime.json"), "utf8");
    expect(runtime).not.toMatch(/a-token-for-metrics|NEXTAUTH_SECRET/);
    const server = readPostmaster(path.join(dataDir(), "console"));
    const serverPid = server.state === "running" ? server.pid : 0;
    expect(processBegan(serverPid)).not.toBeNull();
    const began = Date.now();
    run.kill("SIGTERM");
    expect((await run.ended).code).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(processBegan(serverPid)).toBeNull();
    expect(existsSync(path.join(dataDir(), "console", "postmaster.pid"))).toBe(false);
    expect(readRuntime(dataDir())).toBeNull();
  });

  test("a second instance on its data folder is refused while it runs", async () => {
    const first = start(watching);
    await first.says("ready: ");
    const second = await start(watching).ended;
    expect(second.code).toBe(1);
    expect(paragraph(second.output)).toContain(`process ${first.pid}`);
    first.kill("SIGINT");
    expect((await first.ended).code).toBe(0);
  });

  test("killed with -9, the next start finds its orphaned server and the same data", async () => {
    const first = start(watching);
    await first.says("ready: ");
    const before = await users();
    const masterKeys = path.join(dataDir(), "master-keys.json");
    const keysBefore = readFileSync(masterKeys, "utf8");
    expect(statSync(masterKeys).mode & 0o777).toBe(0o600);
    expect(readRuntime(dataDir())?.environment.MASTER_KEY_FILE).toBe(masterKeys);
    first.kill("SIGKILL");
    await first.ended;
    const second = start(watching);
    await second.says("ready: ");
    expect(second.output()).toContain("left behind was stopped first (console)");
    expect(second.output()).not.toContain("one-time password");
    expect(await users()).toEqual(before);
    expect(readFileSync(masterKeys, "utf8")).toBe(keysBefore);
    second.kill("SIGTERM");
    expect((await second.ended).code).toBe(0);
  });

  test("in production uses the databases it is given and nothing else; two may run beside each other", async () => {
    const own = await createDatabase({ server: 18, template: "empty" });
    const target = await createDatabase({ server: 15, template: "empty" });
    const env = {
      AUDIT_DATABASE_URL: await target.login(["pg_monitor"]),
      CONSOLE_DATABASE_URL: own.url,
      NEXTAUTH_SECRET: newSecret(),
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: newSecret(),
      ADMIN_EMAIL: "ada@example.org",
      ADMIN_PASSWORD: "kestrel-harbour-92-lantern",
      ROLE: "worker",
    };
    const runs = [start(env), start(env)];
    await Promise.all(runs.map((run) => run.says("ready: ")));
    for (const run of runs) {
      const [worker = "", ...others] = environmentsBelow(run.pid);
      expect(others).toEqual([]);
      expect(worker).toContain("CONSOLE_DATABASE_URL=");
      expect(worker).not.toMatch(/ADMIN_PASSWORD|kestrel-harbour|NEXTAUTH_SECRET/);
      expect(run.output()).toContain("target audit: reachable");
      expect(run.output()).not.toContain("embedded");
      run.kill("SIGTERM");
    }
    const ends = await Promise.all(runs.map((run) => run.ended));
    expect(ends.map((end) => end.code)).toEqual([0, 0]);
    expect(await own.sql`select email from users`).toEqual([{ email: "ada@example.org" }]);
    expect(existsSync(dataDir())).toBe(false);
    await own.drop();
    await target.drop();
  });
});
