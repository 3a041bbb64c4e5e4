import { randomBytes } from "node:crypto";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../accounts/create-token.ts";
import { parseEnv } from "../env/parse.ts";
import { addActor, createConsole } from "../testing/people.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { type Actor, systemActor } from "./actor.ts";
import { readRequestActor } from "./request-actor.ts";

const held = globalThis as typeof globalThis & { auditDashboardEnv?: unknown };
const secret = randomBytes(32).toString("hex");
let given: Awaited<ReturnType<typeof createConsole>>;
let viewer: Actor;
let cookie: string;

beforeAll(async () => {
  held.auditDashboardEnv = parseEnv({ NEXTAUTH_SECRET: secret, NEXTAUTH_URL: "https://audit.example.test" });
  given = await createConsole();
  viewer = await addActor(given.console, "viewer");
  const token = await encode({ token: { sub: viewer.id, sid: viewer.sessionId }, secret });
  cookie = `theme=dark; __Secure-next-auth.session-token=${token}`;
});
afterAll(async () => {
  delete held.auditDashboardEnv;
  await given.drop();
});

const ask = (headers: Record<string, string>, method = "GET") =>
  readRequestActor(
    new Request("http://127.0.0.1:3000/api/v1/targets", {
      method,
      headers: { host: "127.0.0.1:3000", ...headers },
    }),
    given.console,
  );

test("a session cookie names its person, none and a plain-HTTP cookie name nobody", async () => {
  expect(await ask({ cookie })).toMatchObject({ id: viewer.id, kind: "user" });
  expect(await ask({})).toBeNull();
  expect(await ask({ cookie: cookie.replace("__Secure-", "") })).toBeNull();
});

test("a cookie that came in pieces is put together in their order", async () => {
  const value = cookie.split("session-token=")[1] ?? "";
  const name = "__Secure-next-auth.session-token";
  const pieces = [value.slice(0, 50), value.slice(50, 90), value.slice(90)];
  const header = [1, 0, 2].map((i) => `${name}.${i}=${pieces[i]}`).join("; ");
  expect(await ask({ cookie: header })).toMatchObject({ id: viewer.id });
});

test("with a cookie only our own origin changes things", async () => {
  expect(await ask({ cookie, origin: "https://audit.example.test" }, "POST")).toMatchObject({
    id: viewer.id,
  });
  expect(await ask({ cookie, origin: "http://127.0.0.1:3000" }, "POST")).toMatchObject({ id: viewer.id });
  for (const origin of ["https://evil.test", "null", "https://audit.example.test.evil.test"]) {
    await expect(ask({ cookie, origin }, "POST"), origin).rejects.toMatchObject({ code: "FORBIDDEN" });
  }
  await expect(ask({ cookie }, "DELETE")).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await ask({ cookie, origin: "https://evil.test" }, "GET")).toMatchObject({ id: viewer.id });
});

test("a bearer token needs no origin, comes before the cookie, and a bad one is not saved by it", async () => {
  const made = await runAdminAction(
    createToken,
    { console: given.console, actor: systemActor("test"), auditTargets: [] },
    { name: "script", scopes: ["operate"] },
  );
  if (!made.ok) throw new Error(made.error.message);
  const authorization = `Bearer ${made.data.secret}`;
  expect(await ask({ cookie, authorization }, "POST")).toMatchObject({ kind: "token", role: "operator" });
  await expect(ask({ cookie, authorization: `${authorization}x` })).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
});
