import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../testing/cluster.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { createTestVault, type TestVault } from "../../testing/vault.ts";

let database: TestDatabase;
let keys: TestVault;

beforeAll(async () => {
  [database, keys] = await Promise.all([createDatabase({ template: "audit" }), createTestVault()]);
});
afterAll(() => Promise.all([database.drop(), keys.drop()]));

test("the service of docs/example writes and reads with the engine alone, and ends when told to", async () => {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [path.resolve(import.meta.dirname, "../../../docs/example/audit-service.ts")],
    {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "test",
        ...compileCache,
        AUDIT_URL: await database.login(["pg_monitor"]),
        AUDIT_WRITER_URL: await database.login(["audit_writer"]),
        AUDIT_READER_URL: await database.login(["audit_reader"]),
        KEYS_URL: keys.console.url,
        MASTER_KEY_FILE: keys.masterKeyFile,
        PORT: String(port),
      },
    },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      let log = "";
      const read = (chunk: Buffer) => {
        log += chunk;
        if (log.includes("records listens")) resolve();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code) => reject(new Error(`ended with ${code}: ${log}`)));
    });
    const url = `http://127.0.0.1:${port}/views`;
    const written = await (
      await fetch(url, { method: "POST", body: JSON.stringify({ by: "u-17", record: "r-1" }) })
    ).json();
    expect(written).toMatchObject({ outcome: "stored", leaf: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const [[token] = []] = await keys.vault.tokensOf(["u-17"], "audit");
    expect(await (await fetch(`${url}/r-1`)).json()).toEqual([
      { id: written.id, occurredAt: expect.any(String), actorToken: token },
    ]);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
