import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openConsoleDb } from "../db/console-db.ts";
import { vaultOn } from "../key-store/open-vault.ts";
import { compileCache } from "../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";

const main = path.resolve(import.meta.dirname, "main.ts");
const folder = mkdtempSync(path.join(tmpdir(), "audit-cli-vault-"));
const file = path.join(folder, "keys.json");
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** The real program, answering its JSON. */
async function run(args: string[], environment: Record<string, string> = {}) {
  const env = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    DATA_DIR: folder,
    CONSOLE_DATABASE_URL: database.url,
    ...environment,
  } as NodeJS.ProcessEnv;
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--json", "vault", ...args], { env });
  return JSON.parse(stdout);
}

test("a key file is made, shown, rotated with all that it wraps, and never overwritten", async () => {
  expect(await run(["init", file])).toEqual({ file });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await expect(run(["init", file])).rejects.toMatchObject({ code: 5 });
  await expect(run(["status"])).rejects.toMatchObject({
    code: 6,
    stderr: expect.stringContaining("vault init"),
  });

  const console_ = openConsoleDb(database.url, { max: 2 });
  const vault = vaultOn(console_, file);
  const [sealed] = await vault.protect([{ person: { id: "u-1", name: "Zoë" }, context: "e/actor" }]);
  if (!sealed) throw new Error("nothing was sealed");
  const with_ = { MASTER_KEY_FILE: file };
  const { id, left } = await run(["rotate"], with_);
  expect(left).toBe(0);
  const status = await run(["status"], with_);
  expect(status).toMatchObject({
    subjects: { active: 1, erasing: 0, erased: 0 },
    masterKeys: [
      { id, state: "active", subjects: 1 },
      { state: "retiring", subjects: 0, destroyAfter: expect.any(String) },
    ],
  });
  const fresh = vaultOn(console_, file);
  expect(await fresh.reveal([{ ...sealed, context: "e/actor" }])).toEqual([
    { state: "readable", person: { id: "u-1", name: "Zoë" } },
  ]);
  const [activity] =
    await database.sql`select outcome, object_id from activity where action = 'master_key.rotate'`;
  expect(activity).toEqual({ outcome: "success", object_id: id });
  for (const key of Object.values(JSON.parse(readFileSync(file, "utf8")).keys) as { key: string }[])
    expect(JSON.stringify(status)).not.toContain(key.key);
  await Promise.all([vault.close(), fresh.close()]);
  await console_.close();
});
