import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { act } from "../../app/actions/act.ts";
import { POST } from "../../app/api/v1/actions/[name]/route.ts";
import { GET as list } from "../../app/api/v1/approvals/route.ts";
import { adminActions, findAction } from "../admin.ts";
import type { Actor } from "../auth/actor.ts";
import { createOutput } from "../cli/output/output.ts";
import { writeSignIn } from "../cli/people/sign-in-file.ts";
import { runAction, runVerb } from "../cli/verbs/run-verb.ts";
import { closeConsoleDb } from "../db/console-db.ts";
import { env, replaceEnv } from "../env.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor } from "../testing/people.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";

const request = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  cookies: async () => ({ getAll: () => [{ name: "next-auth.session-token", value: request.cookie }] }),
  headers: async () => new Headers(),
}));

/** Stands in the real registry for as long as this file runs. */
const retire = defineAdminAction({
  name: "test.retire",
  role: "operator",
  input: z.strictObject({ table: z.string() }),
  approval: { role: "admin" },
  confirm: (_, { table }) => table,
  run: async ({ actor }, { table }) => ({ data: { retired: table, by: actor.id } }),
});
const prove = defineAdminAction({
  name: "test.prove",
  role: "operator",
  reauthenticate: "/settings/users",
  input: z.strictObject({}),
  approval: { role: "admin" },
  run: async () => ({ data: { proven: true } }),
});

let administration: Administration;
let asker: Actor;
let approver: Actor;
let askersToken: string;
const home = mkdtempSync(path.join(tmpdir(), "audit-approvals-"));

beforeAll(async () => {
  administration = await startAdministration();
  Object.assign(adminActions, { retire, prove });
  vi.stubEnv("XDG_CONFIG_HOME", home);
  replaceEnv({
    CONSOLE_DATABASE_URL: administration.url,
    AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    NEXTAUTH_URL: "http://console.example.test",
    LOG_LEVEL: "silent",
  });
  asker = await addActor(administration.console, "admin");
  approver = await addActor(administration.console, "admin");
  const made = await administration.succeed(adminActions.createToken, asker, {
    name: "t",
    scopes: ["operate"],
  });
  askersToken = made.secret;
});
afterAll(async () => {
  for (const name of ["retire", "prove"]) Reflect.deleteProperty(adminActions, name);
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
  await closeConsoleDb();
  await administration?.close();
});

const cookieOf = ({ id, sessionId }: Actor) =>
  encode({ token: { sub: id, sid: sessionId }, secret: env().NEXTAUTH_SECRET ?? "" });

async function page(actor: Actor, name: string, input: unknown, phrase?: string) {
  request.cookie = await cookieOf(actor);
  return act(name as never, input as never, phrase);
}

function api(name: string, input: unknown, headers: Record<string, string>) {
  return POST(
    new Request(`http://console.example.test/api/v1/actions/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://console.example.test", ...headers },
      body: typeof input === "string" ? input : JSON.stringify(input),
    }),
    { params: Promise.resolve({ name }) },
  );
}
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const session = async (actor: Actor) => ({ cookie: `next-auth.session-token=${await cookieOf(actor)}` });

const terminal = () => ({
  out: createOutput(true),
  env: env(),
  runtime: null,
  targetName: undefined,
  atEnd() {},
});

test("asked for by the API, approved on the page: 202, then the answer of what ran", async () => {
  const asked = await api("retire", { table: "a" }, bearer(askersToken));
  expect(asked.status).toBe(202);
  const { data, awaitsApproval } = (await asked.json()) as {
    data: { approvalId: string };
    awaitsApproval: true;
  };
  expect(awaitsApproval).toBe(true);
  const listed = await list(
    new Request("http://console.example.test/api/v1/approvals", { headers: bearer(askersToken) }),
    { params: Promise.resolve(undefined) },
  );
  const [one] = ((await listed.json()) as { data: { id: string; digest: string; byToken: boolean }[] }).data;
  expect(one).toMatchObject({ id: data.approvalId, byToken: true, input: { table: "a" } });
  const input = { approvalId: data.approvalId, digest: one?.digest };
  expect(await page(asker, "approveRequest", input)).toMatchObject({ error: { code: "FORBIDDEN" } });
  expect(await page(approver, "approveRequest", input)).toMatchObject({
    ok: true,
    data: { action: "test.retire", answer: { retired: "a" } },
  });
});

test("asked for on the page, where the phrase is typed, approved at the command line by who signed in there", async () => {
  expect(await page(asker, "retire", { table: "b" }, "a")).toMatchObject({ error: { code: "BAD_INPUT" } });
  const asked = await page(asker, "retire", { table: "b" }, "b");
  expect(asked).toMatchObject({ ok: true, awaitsApproval: true });
  const [row] = await administration.sql`select id, digest from approval order by id desc limit 1`;
  const input = { approvalId: String(row?.id), digest: String(row?.digest) };
  await expect(runVerb(terminal(), "approveRequest", input)).rejects.toMatchObject({ code: "FORBIDDEN" });
  writeSignIn({ sessionId: asker.sessionId ?? "", email: asker.email ?? "" });
  await expect(runVerb(terminal(), "approveRequest", input)).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("Somebody else"),
  });
  writeSignIn({ sessionId: approver.sessionId ?? "", email: approver.email ?? "" });
  expect(await runVerb(terminal(), "approveRequest", input)).toMatchObject({
    answer: { retired: "b", by: asker.id },
  });
});

test("asked for at the command line with a token of one's own, refused by the API: a conflict the second time", async () => {
  replaceEnv({ ...given(), AUDIT_DB_TOKEN: askersToken });
  const asked = await runAction(terminal(), findAction("cli", "retire"), { table: "c" });
  replaceEnv(given());
  const { approvalId } = asked.data as { approvalId: string };
  const [row] = await administration.sql`select requested_by from approval where id = ${approvalId}`;
  expect(row?.requested_by).toBe(asker.id);
  const no = { approvalId, comment: "not on a Friday" };
  expect((await api("refuseRequest", no, bearer(askersToken))).status).toBe(403);
  expect((await api("refuseRequest", no, await session(approver))).status).toBe(200);
  const again = await api("refuseRequest", no, await session(approver));
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({
    code: "CONFLICT",
    detail: "This request is refused; only one that is requested can be refused.",
  });
});

const given = () => ({
  CONSOLE_DATABASE_URL: administration.url,
  AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
  NEXTAUTH_SECRET: env().NEXTAUTH_SECRET,
  NEXTAUTH_URL: "http://console.example.test",
  LOG_LEVEL: "silent",
});

test("who must prove that it is they: pages say so, tokens and the command line are sent to the page", async () => {
  const age = (actor: Actor) =>
    administration.sql`update sessions set reauthenticated_at = now() - interval '301 s' where id = ${actor.sessionId}`;
  await age(asker);
  expect(await page(asker, "prove", {})).toMatchObject({ error: { code: "REAUTHENTICATE" } });
  const hint = expect.stringContaining("http://console.example.test/settings/users");
  const byToken = await api("prove", {}, bearer(askersToken));
  expect(byToken.status).toBe(403);
  expect(await byToken.json()).toMatchObject({ code: "FORBIDDEN", hint });
  writeSignIn({ sessionId: asker.sessionId ?? "", email: asker.email ?? "" });
  await expect(runAction(terminal(), findAction("cli", "prove"), {})).rejects.toMatchObject({
    code: "REAUTHENTICATE",
    hint,
  });
  await administration.sql`update sessions set reauthenticated_at = now() - interval '290 s' where id = ${asker.sessionId}`;
  const asked = await page(asker, "prove", {});
  expect(asked).toMatchObject({ ok: true, awaitsApproval: true });
  // And so must whoever approves it.
  const [row] = await administration.sql`select id, digest from approval order by id desc limit 1`;
  const input = { approvalId: row?.id, digest: row?.digest };
  await age(approver);
  expect(await page(approver, "approveRequest", input)).toMatchObject({ error: { code: "REAUTHENTICATE" } });
  await administration.sql`update sessions set reauthenticated_at = now() where id = ${approver.sessionId}`;
  expect(await page(approver, "approveRequest", input)).toMatchObject({
    ok: true,
    data: { answer: { proven: true } },
  });
});

test("a body that is no JSON, of another type, too large or with a query is refused before anything is done", async () => {
  const as = bearer(askersToken);
  const codeOf = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { code: string }).code,
  ];
  expect(await codeOf(await api("retire", "{", as))).toEqual([400, "BAD_INPUT"]);
  expect(await codeOf(await api("retire", {}, { ...as, "content-type": "text/plain" }))).toEqual([
    400,
    "BAD_INPUT",
  ]);
  expect(await codeOf(await api("retire", { table: "x".repeat(70_000) }, as))).toEqual([413, "TOO_LARGE"]);
  expect(await codeOf(await api("retire?x=1", { table: "a" }, as))).toEqual([400, "BAD_INPUT"]);
  expect(
    await codeOf(
      await api("retire", { table: "a" }, { ...(await session(asker)), origin: "http://evil.test" }),
    ),
  ).toEqual([403, "FORBIDDEN"]);
  expect(await codeOf(await api("constructor", {}, as))).toEqual([404, "NOT_FOUND"]);
});
