import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseEnv } from "../env/parse.ts";
import { type OidcAccount, type OidcServer, startOidcProvider } from "../testing/oidc-provider.ts";
import { addUser, createConsole, password } from "../testing/people.ts";
import { createAuthOptions } from "./auth-options.ts";
import { parseCookies, readSessionCookie } from "./session-cookie.ts";
import { sessionActor } from "./sessions.ts";

const held = globalThis as typeof globalThis & { auditDashboardEnv?: unknown };
const accounts: Record<string, OidcAccount> = {};
let given: Awaited<ReturnType<typeof createConsole>>;
let oidc: OidcServer;
let server: Server;
let base: string;

/** The sign-in routes behind a real HTTP server, as the route handler mounts them. */
beforeAll(async () => {
  given = await createConsole();
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: "console", clientSecret: randomBytes(24).toString("hex") };
  oidc = await startOidcProvider({ ...client, redirectUri: `${base}/api/auth/callback/oidc`, accounts });
  held.auditDashboardEnv = parseEnv({
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    NEXTAUTH_URL: base,
    OIDC_ISSUER: oidc.issuer,
    OIDC_CLIENT_ID: client.clientId,
    OIDC_CLIENT_SECRET: client.clientSecret,
    OIDC_DEFAULT_ROLE: "operator",
  });
  process.env.NEXTAUTH_URL = base;
});
afterAll(async () => {
  delete process.env.NEXTAUTH_URL;
  delete held.auditDashboardEnv;
  await new Promise((resolve) => server.close(resolve));
  await oidc.close();
  await given.drop();
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", base);
  if (!url.pathname.startsWith("/api/auth/")) {
    response.end("a page");
    return;
  }
  let text = "";
  for await (const chunk of request) text += chunk;
  const nextRequest = Object.assign(request, {
    query: { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.split("/").slice(3) },
    cookies: Object.fromEntries(
      parseCookies(request.headers.cookie ?? null).map((c) => [c.name, decodeURIComponent(c.value)]),
    ),
    body: Object.fromEntries(new URLSearchParams(text)),
  }) as unknown as NextApiRequest;
  const nextResponse = Object.assign(response, {
    status(code: number) {
      response.statusCode = code;
      return nextResponse;
    },
    json: (body: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(body)),
    send: (body: unknown) => response.end(typeof body === "string" ? body : JSON.stringify(body)),
  }) as unknown as NextApiResponse;
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const options = createAuthOptions({
    console: given.console,
    ip: "192.0.2.9",
    userAgent: "browser",
    cookies: parseCookies(request.headers.cookie ?? null),
    setCookie: (line) => response.appendHeader("set-cookie", line),
    logger,
  });
  await NextAuth(nextRequest, nextResponse, options);
}

/** A browser as far as the protocol needs one: a cookie jar a site, redirects, forms. */
class Browser {
  readonly jars = new Map<string, Map<string, string>>();

  cookies(origin: string): { name: string; value: string }[] {
    return [...(this.jars.get(origin) ?? [])].map(([name, value]) => ({ name, value }));
  }

  async ask(url: string, form?: Record<string, string>): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    const response = await fetch(url, {
      method: form ? "POST" : "GET",
      redirect: "manual",
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (!name) continue;
      if (value && !/max-age=0\b|expires=thu, 01 jan 1970/i.test(line)) jar.set(name, value);
      else jar.delete(name);
    }
    return response;
  }

  /** Follows redirects; answers the last response and the address it came from. */
  async follow(url: string, form?: Record<string, string>): Promise<{ url: string; response: Response }> {
    let response = await this.ask(url, form);
    let at = url;
    for (let hops = 0; hops < 12; hops += 1) {
      const location = response.headers.get("location");
      if (!location) return { url: at, response };
      at = new URL(location, at).href;
      response = await this.ask(at);
    }
    throw new Error("too many redirects");
  }

  async post(path: string, fields: Record<string, string>): Promise<{ status: number; url: URL }> {
    const { csrfToken } = (await (await this.ask(`${base}/api/auth/csrf`)).json()) as { csrfToken: string };
    const response = await this.ask(`${base}/api/auth/${path}`, { ...fields, csrfToken, json: "true" });
    const { url } = (await response.json()) as { url: string };
    return { status: response.status, url: new URL(url, base) };
  }

  /** Through the provider's login and consent pages, back to where the console leads. */
  async signInThroughProvider(subject: string, asked = ""): Promise<URL> {
    const start = await this.post(`signin/oidc${asked}`, { callbackUrl: "/eu/overview" });
    let { url, response } = await this.follow(start.url.href);
    for (let steps = 0; url.includes("/interaction/") && steps < 3; steps += 1) {
      const page = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? "";
      const form: Record<string, string> =
        prompt === "login" ? { prompt, login: subject, password: "x" } : { prompt };
      ({ url, response } = await this.follow(url, form));
    }
    return new URL(url);
  }

  async actor() {
    const sessionId = await readSessionCookie(this.cookies(base));
    return sessionId ? sessionActor(given.console.db, sessionId, null) : null;
  }
}

let browser: Browser;
beforeEach(async () => {
  browser = new Browser();
  await given.test.sql`delete from sign_in_guesses`;
});

test("a password signs in: the cookie is HttpOnly, says nothing of the person, and the session row is theirs", async () => {
  const user = await addUser(given.console, "viewer");
  const { status } = await browser.post("callback/credentials", { email: user.email, password });
  expect(status).toBe(200);
  expect(await browser.actor()).toMatchObject({ id: user.id, role: "viewer" });
  const [session] = await given.test
    .sql`select method, ip, user_agent from sessions where user_id = ${user.id}`;
  expect(session).toEqual({ method: "password", ip: "192.0.2.9", user_agent: "browser" });
  const answered = await browser.ask(`${base}/api/auth/session`);
  const line = answered.headers.getSetCookie().find((c) => c.startsWith("next-auth.session-token="));
  expect(line).toMatch(/HttpOnly/i);
  expect(line).toMatch(/SameSite=Lax/i);
  expect(await answered.json()).toMatchObject({ user: { email: user.email } });
});

test("wrong passwords and lock-outs come back as codes, without a session", async () => {
  const user = await addUser(given.console, "viewer");
  const tries: (string | null)[] = [];
  for (let i = 0; i < 6; i += 1) {
    const { url } = await browser.post("callback/credentials", { email: user.email, password: "wrong" });
    tries.push(url.searchParams.get("error"));
  }
  expect(tries).toEqual([...Array(5).fill("UNAUTHENTICATED"), "RATE_LIMITED"]);
  expect(await browser.actor()).toBeNull();
});

test("a browser that signed in is known the next time, while others use the account's guesses up", async () => {
  const user = await addUser(given.console, "viewer");
  await browser.post("callback/credentials", { email: user.email, password });
  await browser.post("signout", {});
  const stranger = new Browser();
  const wrong = { email: user.email, password: "wrong" };
  await Promise.all(Array.from({ length: 6 }, () => new Browser().post("callback/credentials", wrong)));
  const refused = await stranger.post("callback/credentials", { email: user.email, password });
  expect(refused.url.searchParams.get("error")).toBe("RATE_LIMITED");
  await browser.post("callback/credentials", { email: user.email, password });
  expect(await browser.actor()).toMatchObject({ id: user.id });
});

test("without the form's token nothing is tried", async () => {
  const user = await addUser(given.console, "viewer");
  await browser.ask(`${base}/api/auth/callback/credentials`, {
    email: user.email,
    password,
    csrfToken: "forged",
  });
  expect(await browser.actor()).toBeNull();
});

test("signing out revokes the session itself: a copy of the cookie is worth nothing afterwards", async () => {
  const user = await addUser(given.console, "viewer");
  await browser.post("callback/credentials", { email: user.email, password });
  const thief = new Browser();
  thief.jars.set(base, new Map(browser.jars.get(base)));
  expect(await thief.actor()).toMatchObject({ id: user.id });
  await browser.post("signout", {});
  expect(await browser.actor()).toBeNull();
  expect(await thief.actor()).toBeNull();
  const answered = await thief.ask(`${base}/api/auth/session`);
  expect(await answered.json()).not.toHaveProperty("user");
});

test("a cookie signed with another secret, or cut short, is nobody's", async () => {
  const user = await addUser(given.console, "viewer");
  await browser.post("callback/credentials", { email: user.email, password });
  const cookies = browser.cookies(base);
  expect(await readSessionCookie(cookies.map((c) => ({ ...c, value: c.value.slice(0, -3) })))).toBeNull();
  const env = held.auditDashboardEnv as { NEXTAUTH_SECRET: string };
  const secret = env.NEXTAUTH_SECRET;
  env.NEXTAUTH_SECRET = randomBytes(32).toString("hex");
  expect(await readSessionCookie(cookies)).toBeNull();
  env.NEXTAUTH_SECRET = secret;
  expect(await readSessionCookie(cookies)).not.toBeNull();
});

test("single sign-on: code flow with PKCE makes the account with the default role, and knows it the next time", async () => {
  accounts.jana = { email: "Jana@Example.test", email_verified: true, name: "Jana Novak" };
  const landed = await browser.signInThroughProvider("jana");
  expect(landed.href).toBe(`${base}/eu/overview`);
  const actor = await browser.actor();
  expect(actor).toMatchObject({ email: "jana@example.test", name: "Jana Novak", role: "operator" });

  accounts.jana = { email: "jana.married@example.test", email_verified: false };
  const later = new Browser();
  await later.signInThroughProvider("jana");
  expect((await later.actor())?.id).toBe(actor?.id);
  const [session] = await given.test.sql`select method from sessions where user_id = ${actor?.id ?? ""}`;
  expect(session?.method).toBe("oidc");
});

test("a provider's word counts as proof that it is they only where it says when it saw them", async () => {
  accounts.petra = { email: "petra@example.test", email_verified: true, name: "Petra" };
  await browser.signInThroughProvider("petra");
  expect((await browser.actor())?.reauthenticatedAt).toBeNull();
  // The provider still knows this browser, and is asked to forget it for once.
  const before = Math.floor(Date.now() / 1_000) * 1_000;
  const landed = await browser.signInThroughProvider("petra", "?prompt=login&max_age=0");
  expect(landed.href).toBe(`${base}/eu/overview`);
  const provenAt = (await browser.actor())?.reauthenticatedAt?.getTime() ?? 0;
  expect(provenAt).toBeGreaterThanOrEqual(before);
  expect(provenAt).toBeLessThanOrEqual(Date.now());
});

test("single sign-on joins an existing account only when the provider vouches for the e-mail", async () => {
  const user = await addUser(given.console, "admin");
  accounts.thief = { email: user.email, email_verified: false, name: "Thief" };
  const landed = await browser.signInThroughProvider("thief");
  expect(landed.pathname + landed.search).toBe("/sign-in?error=OIDC_UNVERIFIED");
  expect(await browser.actor()).toBeNull();

  accounts.owner = { email: user.email.toUpperCase(), email_verified: true };
  const owner = new Browser();
  await owner.signInThroughProvider("owner");
  expect(await owner.actor()).toMatchObject({ id: user.id, role: "admin" });
});

test("single sign-on refuses a disabled account and one without an e-mail", async () => {
  const user = await addUser(given.console, "viewer", { disabledAt: new Date() });
  accounts.disabled = { email: user.email, email_verified: true };
  expect((await browser.signInThroughProvider("disabled")).searchParams.get("error")).toBe("OIDC_DISABLED");
  accounts.nameless = { name: "No Mail" };
  expect((await new Browser().signInThroughProvider("nameless")).searchParams.get("error")).toBe(
    "OIDC_NO_EMAIL",
  );
  expect(await browser.actor()).toBeNull();
});

test("an answer of the provider that this browser did not ask for is refused", async () => {
  accounts.jana = { email: "jana@example.test", email_verified: true };
  const start = await browser.post("signin/oidc", { callbackUrl: "/" });
  const state = start.url.searchParams.get("state") ?? "";
  expect(start.url.searchParams.get("code_challenge_method")).toBe("S256");
  const other = new Browser();
  const landed = await other.follow(`${base}/api/auth/callback/oidc?code=stolen&state=${state}`);
  expect(landed.url).toContain("error=");
  expect(await other.actor()).toBeNull();
});

test("callbacks lead nowhere but to ourselves", async () => {
  const user = await addUser(given.console, "viewer");
  const { url } = await browser.post("callback/credentials", {
    email: user.email,
    password,
    callbackUrl: "https://evil.test/",
  });
  expect(url.origin).toBe(base);
  for (const text of [
    "/.//evil.test",
    "/%2e//evil.test",
    "/\t/evil.test",
    "/\\evil.test",
    `${base}//evil.test`,
  ]) {
    const answer = await browser.post("signout", { callbackUrl: text });
    expect(answer.url.href, text).toBe(`${base}/`);
  }
  const kept = await browser.post("signout", { callbackUrl: `${base}/eu/overview?range=6h` });
  expect(kept.url.href).toBe(`${base}/eu/overview?range=6h`);
});
