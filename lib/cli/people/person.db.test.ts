import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../../accounts/create-token.ts";
import { type Administration, startAdministration } from "../../testing/administration.ts";
import { openCommandLine, type Ran } from "../../testing/command-line.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { addActor, password } from "../../testing/people.ts";

const main = path.resolve(import.meta.dirname, "../main.ts");
const commandLine = openCommandLine();
const home = mkdtempSync(path.join(tmpdir(), "audit-cli-person-"));
const file = path.join(home, "audit-db", "sign-in.json");
const input = path.join(home, "input.json");
let administration: Administration;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  administration = await startAdministration();
  environment = {
    NODE_ENV: "test",
    ...compileCache,
    PATH: process.env.PATH,
    XDG_CONFIG_HOME: home,
    DATA_DIR: home,
    CONSOLE_DATABASE_URL: administration.url,
    AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
  };
});
afterAll(async () => {
  await commandLine.close();
  rmSync(home, { recursive: true, force: true });
  await administration?.close();
});

const run = (args: string[], more: Record<string, string> = {}) =>
  commandLine.run(args, { env: { ...environment, ...more } });

/** The same on a terminal of its own, where `typed` is typed once it asks. */
async function onTerminal(args: string[], typed: string): Promise<{ code: number; shown: string }> {
  const command = [process.execPath, main, ...args].map((part) => `'${part}'`).join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], { env: environment, timeout: 60_000 });
  const shown = text(child.stdout);
  child.stdout.once("data", () => child.stdin.write(`${typed}\r`));
  const [code] = (await once(child, "exit")) as [number];
  return { code, shown: await shown };
}

const json = ({ stdout }: Ran) => JSON.parse(stdout);

test("login asks on a terminal, shows no password, and keeps the sign-in for its owner alone, until logout", async () => {
  const { console, sql } = administration;
  const viewer = await addActor(console, "viewer");
  const email = viewer.email ?? "";
  expect(await run(["login", email])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("AUDIT_DB_TOKEN"),
  });
  const right = await onTerminal(["login", email], password);
  expect([right.code, right.shown]).toEqual([0, expect.stringContaining(`Signed in as ${email}.`)]);
  expect(right.shown).not.toContain(password);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).not.toContain(password);
  expect(json(await run(["whoami", "--json"]))).toEqual({
    email,
    role: "viewer",
    token: null,
    targets: null,
  });
  const [session] = await sql`
    select method, user_agent, reauthenticated_at from sessions
    where user_id = ${viewer.id} order by created_at desc limit 1`;
  expect(session).toMatchObject({
    method: "password",
    user_agent: expect.stringMatching(/^audit-db on /),
    reauthenticated_at: null,
  });

  // What needs a person is done by the one who signed in; what does not, by the product as before.
  expect(json(await run(["act", "revokeOtherSessions", "--json"]))).toEqual({ data: { sessionsEnded: 1 } });
  writeFileSync(input, JSON.stringify({ email: "new@example.test", name: "New", role: "viewer" }));
  expect((await run(["act", "createUser", "--input", `@${input}`])).code).toBe(0);
  const rows = await sql`
    select action, actor_kind, actor_name from activity
    where action in ('session.revoke-others', 'user.create') order by action`;
  expect(rows).toEqual([
    { action: "session.revoke-others", actor_kind: "user", actor_name: email },
    { action: "user.create", actor_kind: "system", actor_name: expect.stringMatching(/^command line/) },
  ]);

  expect((await run(["logout"])).code).toBe(0);
  expect(await run(["whoami"])).toMatchObject({ code: 3 });
  const [left] = await sql`
    select count(*)::int as n from sessions where user_id = ${viewer.id} and revoked_at is null`;
  expect(left?.n).toBe(0);
});

test("AUDIT_DB_TOKEN is the person who made it; one that no longer holds is said, not passed over", async () => {
  const { admin, succeed, sql } = administration;
  const { secret, id } = await succeed(createToken, admin, { name: "mine", scopes: ["operate"] });
  const mine = { AUDIT_DB_TOKEN: secret };
  expect(json(await run(["whoami", "--json"], mine))).toEqual({
    email: admin.email,
    role: "operator",
    token: "mine",
    targets: null,
  });
  await sql`update api_tokens set revoked_at = now() where id = ${id}`;
  const ran = await run(["act", "revokeOtherSessions"], mine);
  expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining("revoked")]);
});

test("approvals: listed, shown before they are approved, refused with a comment, withdrawn by who asked", async () => {
  const { sql, admin } = administration;
  const other = await addActor(administration.console, "admin");
  const ids = ["1", "2", "3"].map((n) => `01900000-0000-7000-8000-00000000000${n}`);
  for (const [at, id] of ids.entries())
    await sql`
      insert into approval (id, action, input, digest, approver_role, requested_by, requested_by_name, expires_at)
      values (${id}, 'test.unknown', '{"table": "audit_log_2020_01"}', ${"0".repeat(64)}, 'admin',
              ${at === 2 ? admin.id : other.id}, ${at === 2 ? admin.email : other.email}, now() + interval '1 h')`;
  const { secret } = await administration.succeed(createToken, admin, { name: "t", scopes: ["admin"] });
  const mine = { AUDIT_DB_TOKEN: secret };
  const listed = json(await run(["approvals", "list", "--json"], mine));
  expect(listed.map(({ id, may }: { id: string; may: object }) => [id, may])).toEqual([
    [ids[2], { decide: false, withdraw: true }],
    [ids[1], { decide: true, withdraw: false }],
    [ids[0], { decide: true, withdraw: false }],
  ]);
  const approve = ["approvals", "approve", ids[0] ?? ""];
  const [shown, byDigest, refused, withdrawn] = await Promise.all([
    run(approve, mine),
    run([...approve, "--digest", "0".repeat(64)], mine),
    run(["approvals", "refuse", ids[1] ?? "", "--comment", "no"], mine),
    run(["approvals", "withdraw", ids[2] ?? ""], mine),
  ]);
  expect([shown.code, shown.stdout]).toEqual([2, expect.stringContaining('"table": "audit_log_2020_01"')]);
  // There is no such action in the registry: a conflict, and nothing runs.
  expect([byDigest.code, refused.code, withdrawn.code]).toEqual([5, 0, 0]);
  expect(await sql`select state from approval order by id`).toEqual([
    { state: "requested" },
    { state: "refused" },
    { state: "withdrawn" },
  ]);
});

test("act lists what it may do, and names what is wrong with a name or an input", async () => {
  const [listed, notOffered, noJson, wrong] = await Promise.all([
    run(["act"]),
    run(["act", "reauthenticate"]),
    run(["act", "createUser", "--input", "{"]),
    run(["act", "createUser", "--input", '{"email":"x"}', "--json"]),
  ]);
  expect(listed.stdout).toMatch(/createToken +token\.create +Privacy officer/);
  expect(notOffered).toMatchObject({ code: 4, stderr: expect.stringContaining("Only a page") });
  expect(noJson.code).toBe(2);
  expect(JSON.parse(wrong.stderr)).toMatchObject({
    error: { code: "BAD_INPUT", fields: { role: expect.any(String) } },
  });
});
