import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import { replaceEnv } from "../../env.ts";
import { vaultOn } from "../../key-store/open-vault.ts";
import { listMasterKeys, noteActiveKey } from "../../key-store/rotate-master-key.ts";
import { type Administration, startAdministration } from "../../testing/administration.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";
import { testPlace } from "../../testing/vault.ts";
import { createPrivacyJobs } from "../jobs.ts";
import { beginDueRotation } from "./begin-due-rotation.ts";
import { rotateMasterKey } from "./rotate-master-key.ts";

let administration: Administration;
let folder: string;
let file: string;
let worker: { stop(): Promise<void> } | undefined;

beforeAll(async () => {
  administration = await startAdministration();
});
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "audit-rotate-"));
  file = path.join(folder, "keys.json");
  createMasterKeyFile(file);
  replaceEnv({ MASTER_KEY_FILE: file, LOG_LEVEL: "silent" });
  await administration.sql`truncate vault.subject, vault.subject_key, vault.index_key, vault.secret, vault.master_key cascade`;
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  replaceEnv({});
  rmSync(folder, { recursive: true });
});
afterAll(() => administration?.close());

const keys = () => openMasterKeyFile(file);
const work = () => {
  worker = startTestJobs(administration, createPrivacyJobs());
};
const job = async (id: string) => (await administration.sql`select * from job where id = ${id}`)[0];
const ended = (id: string, state: string) =>
  vi.waitFor(async () => expect(await job(id)).toMatchObject({ state }), 30_000);
const told = async (jobId: string) =>
  (
    await administration.sql`
      select outcome, object_id as object, actor_id as actor, detail from activity
      where action = 'master_key.rotate' and detail->>'jobId' = ${jobId} order by id`
  ).map((row) => ({ ...row }));
async function ask(): Promise<string> {
  const { admin, run } = administration;
  const answer = await run(rotateMasterKey, admin, {}, "rotate the master key");
  if (!answer.ok || !answer.jobId) throw new Error(JSON.stringify(answer));
  return answer.jobId;
}

test("what an administrator asks for a worker does: one key more, everybody's key under it, and both on record", async () => {
  const first = await keys().activeId();
  const vault = vaultOn(administration.console, keys());
  const people = Array.from({ length: 1_200 }, (_, n) => ({
    ...testPlace,
    person: { id: `u-${n}` },
    context: `e/${n}`,
  }));
  await vault.protect(people);
  await noteActiveKey(administration.sql, keys());
  const id = await ask();
  expect(await keys().activeId()).toBe(first);
  work();
  await ended(id, "done");
  const active = await keys().activeId();
  expect(active).not.toBe(first);
  // With the blind index's own key.
  expect(await job(id)).toMatchObject({
    done: 1_201,
    total: 1_201,
    unit: "keys",
    result: { id: active, wrapped: 1_201, destroyed: [] },
  });
  expect(await listMasterKeys(administration.sql)).toMatchObject([
    { id: active, state: "active", subjects: 1_200 },
    { id: first, state: "retiring", subjects: 0 },
  ]);
  const actor = administration.admin.id;
  expect(await told(id)).toMatchObject([
    { outcome: "success", object: null, actor },
    { outcome: "success", object: active, actor },
  ]);
  await vault.close();
});

test.each([
  ["before the file had it", false],
  ["after the file had it", true],
] as const)("an attempt that died %s leaves one new key, not two", async (_when, added) => {
  const { sql } = administration;
  const first = await keys().activeId();
  await noteActiveKey(sql, keys());
  const id = await ask();
  const keyId = randomUUID();
  // As the attempt that died left it.
  await sql`insert into job_once (job_id, key, attempt, result) values (${id}, 'key id', 1, to_jsonb(${keyId}::text))`;
  await sql`
    insert into effect (id, action, object_type, object_id, job_id, actor_kind, actor_id, actor_name, input, alive_until)
    values (${uuidV7()}, 'master_key.rotate', 'master_key', ${keyId}, ${id}, 'user', ${administration.admin.id}, 'a',
      jsonb_build_object('keyId', ${keyId}::text), now())`;
  if (added) await keys().addKey(keyId);
  work();
  await ended(id, "done");
  expect((await keys().ids()).sort()).toEqual([first, keyId].sort());
  expect(await keys().activeId()).toBe(keyId);
  expect((await listMasterKeys(sql)).map((key) => [key.id, key.state])).toEqual([
    [keyId, "active"],
    [first, "retiring"],
  ]);
  const outcomes = (await told(id)).map((row) => (row as unknown as { outcome: string }).outcome);
  expect(outcomes).toEqual(added ? ["success", "success"] : ["success", "failed", "success"]);
  expect(await sql`select state from effect where job_id = ${id} order by id`).toEqual(
    added ? [{ state: "done" }] : [{ state: "failed" }, { state: "done" }],
  );
});

test("a rotation whose day has come is put into the queue once", async () => {
  const { console, sql } = administration;
  await beginDueRotation(console);
  await beginDueRotation(console);
  const open =
    await sql`select id, actor_name from job where name = 'privacy.rotate_master_key' and state = 'waiting'`;
  expect(open.map((row) => row.actor_name)).toEqual(["key rotation"]);
  work();
  await ended(open[0]?.id as string, "done");
  expect(await keys().ids()).toHaveLength(2);
});

test("without a key file it is refused at once", async () => {
  replaceEnv({ LOG_LEVEL: "silent" });
  const { admin, run, sql } = administration;
  const before = await sql`select from job`;
  expect(await run(rotateMasterKey, admin, {}, "rotate the master key")).toMatchObject({
    ok: false,
    error: { code: "UNSUPPORTED", hint: expect.stringContaining("vault init") },
  });
  expect(await sql`select from job`).toHaveLength(before.length);
});
