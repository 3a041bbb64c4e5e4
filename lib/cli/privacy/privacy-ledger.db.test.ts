import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import type { Actor } from "../../auth/actor.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import type { PublicJwk } from "../../key-store/signing-keys.ts";
import { deliverOutbox } from "../../outbox/deliver-outbox.ts";
import { createEraseJob } from "../../privacy/erasure/erase-job.ts";
import { createReplayJob } from "../../privacy/ledger/replay-job.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { addActor } from "../../testing/people.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";

const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-ledger-"));
const person = "patient-4711-of-the-ledger";
let world: PrivacyWorld;
let worker: { stop(): Promise<void> };
let token: string;
let event: { id: string; occurredAt: string };

beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  worker = startTestJobs(
    { console: world.console, url: world.consoleUrl },
    [createEraseJob({ keyTtlMs: 0 }), createReplayJob(0)],
    openConfiguredTarget,
  );
  const admin = await addActor(world.console, "admin");
  token = (
    (await world.succeed(adminActions.createToken, { name: "t", scopes: ["admin"] }, admin)) as {
      secret: string;
    }
  ).secret;
  event = await world.append("eu", person, "minimal", 200);
  const reason = "the person asked for it";
  await world.agreed(adminActions.erasePolicy, { person, target: "eu", policy: "minimal", reason });
  await world.settled();
  await deliver();
});
afterAll(async () => {
  await commandLine.close();
  rmSync(home, { recursive: true, force: true });
  await worker?.stop();
  await world?.close();
});

const deliver = () => deliverOutbox({ console: world.console, openTarget: openConfiguredTarget });

const run = (...args: string[]) =>
  commandLine.run(["--target", "eu", ...args], {
    env: { XDG_CONFIG_HOME: home, ...world.environment, AUDIT_DB_TOKEN: token },
  });

test("entries are listed with their receipts, by kind and page, and name nobody", async () => {
  const [list, json, none, everywhere, page] = await Promise.all([
    run("privacy", "ledger"),
    run("--json", "privacy", "ledger"),
    run("privacy", "ledger", "--kind", "redaction"),
    run("--json", "privacy", "ledger", "--everywhere", "--limit", "1"),
    run("privacy", "ledger", "--before", "1"),
  ]);
  for (const answer of [list, json, none, everywhere, page])
    expect([answer.code, answer.stderr]).toEqual([0, ""]);
  const [row] = await world.sql`select token from erasure`;
  expect(list.stdout).toContain(`erasure of ${row?.token}: minimal`);
  expect(list.stdout).toMatch(/[0-9a-f-]{36} delivered/);
  expect(JSON.parse(json.stdout)).toMatchObject({
    entries: [{ entry: 1, kind: "erasure", target: "eu", receipt: "delivered" }],
    next: null,
  });
  expect(JSON.parse(everywhere.stdout).entries).toHaveLength(1);
  for (const { stdout } of [none, page]) expect(stdout).toContain("There is no such entry.");
  expect(list.stdout + json.stdout).not.toContain(person);
});

test("a replay says what it would do and does nothing, does it with --yes, and has nothing to do then", async () => {
  const refused = await Promise.all([
    run("privacy", "replay"),
    run("privacy", "replay", "--dry-run", "--yes"),
  ]);
  for (const { code, stderr } of refused)
    expect([code, stderr]).toEqual([2, expect.stringContaining("--dry-run")]);
  const agreed = await run("privacy", "replay", "--dry-run");
  expect([agreed.code, agreed.stdout]).toEqual([0, expect.stringContaining("there is nothing to replay")]);
  // As a log that was restored from before the receipt came.
  const { sql } = world.databases.eu;
  const [receipt] = await sql`
    select id, tableoid::regclass::text as leaf from audit_log where organization_id = 'console_privacy'`;
  await sql.begin(async (tx) => {
    await tx.unsafe(`
      alter table ${receipt?.leaf} disable trigger all;
      delete from ${receipt?.leaf} where id = '${receipt?.id}';
      alter table ${receipt?.leaf} enable trigger all`);
  });
  const planned = await run("privacy", "replay", "--dry-run");
  expect([planned.code, planned.stderr]).toEqual([5, ""]);
  expect(planned.stdout).toContain("Deliver receipts again: entries 1.");
  expect(JSON.parse((await run("--json", "privacy", "replay", "--dry-run")).stdout)).toMatchObject({
    receipts: [1],
    needed: true,
  });
  expect((await run("privacy", "ledger")).stdout).toMatch(/[0-9a-f-]{36} pending/);
  const done = await run("privacy", "replay", "--yes");
  expect([done.code, done.stderr]).toEqual([0, expect.any(String)]);
  expect(done.stdout).toContain(
    "0 entries written again, 0 keys destroyed again, 0 redactions done again, 1 receipt sent again.",
  );
  await deliver();
  expect((await run("privacy", "replay", "--dry-run")).code).toBe(0);
  expect(await world.reveal("eu", event)).toEqual({ state: "erased" });
});

test("a former key is vouched for from its file, which is asked of a second administrator by its kid", async () => {
  const file = path.join(home, "former.jwk");
  const { kty, crv, x } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }) as PublicJwk;
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  // As /api/v1/keys has it, with more than the key itself.
  writeFileSync(file, JSON.stringify({ kty, crv, x, kid, use: "sig", alg: "EdDSA" }));
  writeFileSync(path.join(home, "none.jwk"), "no key");
  const trust = (name: string, from: string) =>
    run("--json", "privacy", "trust-key", name, "--jwk-from", from, "--reason", "the console was restored");
  const [asked, other, none, away] = await Promise.all([
    trust(kid, file),
    trust("A".repeat(43), file),
    trust(kid, path.join(home, "none.jwk")),
    trust(kid, path.join(home, "away.jwk")),
  ]);
  expect([asked.code, asked.stderr]).toEqual([0, ""]);
  const { approvalId } = JSON.parse(asked.stdout);
  expect(other.code).toBe(0);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("one key as a JSON object")]);
  expect(away.code).not.toBe(0);
  const approve = async (id: string, actor: Actor) => {
    const [row] = await world.sql`select digest from approval where id = ${id}`;
    return world.run(adminActions.approveRequest, { approvalId: id, digest: row?.digest }, actor);
  };
  const second = await addActor(world.console, "admin");
  expect(await approve(JSON.parse(other.stdout).approvalId, second)).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
  expect(await world.sql`select from vault.public_key where kid = ${kid}`).toHaveLength(0);
  expect(await approve(approvalId, second)).toMatchObject({ ok: true });
  const [key] = await world.sql`
    select jwk, retired_at is not null as retired from vault.public_key where kid = ${kid}`;
  expect(key).toEqual({ jwk: { kty, crv, x }, retired: true });
});
