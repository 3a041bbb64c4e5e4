import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../../db/console-db.ts";
import { replaceEnv } from "../../env.ts";
import { vaultOn } from "../../key-store/open-vault.ts";
import { createPrivacyJobs } from "../../privacy/jobs.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";
import { testPlace } from "../../testing/vault.ts";

const commandLine = openCommandLine();
const folder = mkdtempSync(path.join(tmpdir(), "audit-cli-vault-"));
const file = path.join(folder, "keys.json");
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
});
afterAll(async () => {
  await commandLine.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** What it answers as JSON. @throws how the command ended, where that is not well */
const run = async (args: string[], environment: Record<string, string> = {}) =>
  JSON.parse(await answer(["vault", ...args], environment));

async function answer(args: string[], environment: Record<string, string>): Promise<string> {
  const env = { DATA_DIR: folder, CONSOLE_DATABASE_URL: database.url, ...environment };
  const ran = await commandLine.run(["--json", ...args], { env });
  if (ran.code !== 0) throw ran;
  return ran.stdout;
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
  const vault = vaultOn(console_, openMasterKeyFile(file));
  const [sealed] = await vault.protect([
    { ...testPlace, person: { id: "u-1", name: "Zoë" }, context: "e/actor" },
  ]);
  if (!sealed) throw new Error("nothing was sealed");
  const with_ = { MASTER_KEY_FILE: file };
  replaceEnv({ MASTER_KEY_FILE: file, LOG_LEVEL: "silent" });
  const worker = startTestJobs({ console: console_, url: database.url }, createPrivacyJobs());
  const { id, wrapped } = await run(["rotate"], with_);
  // The person's and the blind index's own.
  expect(wrapped).toBe(2);
  await worker.stop();
  replaceEnv({});
  const status = await run(["status"], with_);
  expect(status).toMatchObject({
    subjects: { people: 1, active: 1, kept: 0, erasing: 0, erased: 0 },
    masterKeys: [
      { id, state: "active", subjects: 1, index: 1, secrets: 0 },
      { state: "retiring", subjects: 0, index: 0, secrets: 0, destroyAfter: expect.any(String) },
    ],
    lost: [],
  });
  const fresh = vaultOn(console_, openMasterKeyFile(file));
  expect(await fresh.reveal([{ ...sealed, ...testPlace, context: "e/actor" }])).toEqual([
    { state: "readable", person: { id: "u-1", name: "Zoë" } },
  ]);
  const activity = await database.sql`
    select outcome, object_id from activity where action = 'master_key.rotate' order by id`;
  expect(activity).toEqual([
    { outcome: "success", object_id: null },
    { outcome: "success", object_id: id },
  ]);
  for (const key of Object.values(JSON.parse(readFileSync(file, "utf8")).keys) as { key: string }[])
    expect(JSON.stringify(status)).not.toContain(key.key);
  await Promise.all([vault.close(), fresh.close()]);
  await console_.close();
});

test("the signing key is replaced, its secret is counted, and doctor fails when keys do not open", async () => {
  const with_ = { MASTER_KEY_FILE: file, AUDIT_DATABASE_URL: database.url };
  const kid = expect.stringMatching(/^[\w-]{43}$/);
  const first = await run(["rotate-signing-key"], with_);
  expect(first).toEqual({ kid, retired: null });
  expect(await run(["rotate-signing-key"], with_)).toEqual({ kid, retired: first.kid });
  const [active] = (await run(["status"], with_)).masterKeys;
  expect(active).toMatchObject({ state: "active", secrets: 1 });
  const done = await database.sql`
    select actor_kind, outcome, detail ->> 'retired' as retired from activity
    where action = 'signing_key.rotate' order by id`;
  expect(done).toEqual([
    { actor_kind: "system", outcome: "success", retired: null },
    { actor_kind: "system", outcome: "success", retired: first.kid },
  ]);

  const examined = JSON.parse(await answer(["doctor"], with_));
  expect(examined.console).toEqual({ configured: true, reason: null, keys: { count: 3, lost: [] } });
  const foreign = path.join(folder, "foreign.json");
  await run(["init", foreign]);
  const failed = await answer(["doctor"], { ...with_, MASTER_KEY_FILE: foreign }).catch((thrown) => thrown);
  expect(failed.code).toBe(7);
  expect(JSON.parse(failed.stdout).console.keys).toEqual({
    count: 3,
    lost: [{ masterKeyId: active.id, count: 3 }],
  });
});
