import { unstable_doesMiddlewareMatch as doesProxyMatch } from "next/experimental/testing/server.js";
import { NextRequest } from "next/server";
import { beforeEach, expect, test } from "vitest";
import { config, proxy } from "./proxy.ts";

const held = globalThis as typeof globalThis & { auditDashboardEnv?: unknown };
beforeEach(() => {
  held.auditDashboardEnv = { NEXTAUTH_URL: "http://127.0.0.1:3000" };
});

const ask = (path: string, cookie?: string, method = "GET") =>
  proxy(
    new NextRequest(`http://127.0.0.1:3000${path}`, {
      method,
      headers: { ...(cookie && { cookie }), "x-nonce": "chosen-by-the-caller" },
    }),
  );

test("strangers are led to the sign-in page and back; the sign-in page answers for itself", async () => {
  const leadsTo = async (path: string) => {
    const { pathname, search } = new URL((await ask(path)).headers.get("location") ?? "");
    return pathname + search;
  };
  expect(await leadsTo("/eu/queries?range=1h&_rsc=abc")).toBe(
    "/sign-in?callbackUrl=%2Feu%2Fqueries%3Frange%3D1h",
  );
  expect(await leadsTo("/")).toBe("/sign-in");
  expect((await ask("/sign-in")).headers.get("location")).toBeNull();
  expect((await ask("/sign-in-elsewhere")).status).toBe(307);
  expect((await ask("/eu/queries", "next-auth.session-token=x")).headers.get("location")).toBeNull();
  expect((await ask("/eu/queries", undefined, "POST")).headers.get("location")).toBeNull();
});

test("each page has a fresh nonce in its policy, which reaches the page as a header nobody can choose", async () => {
  const [first, second] = [await ask("/sign-in"), await ask("/sign-in")];
  const nonceOf = (response: Response) =>
    /script-src [^;]*'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
  expect(nonceOf(first)).toMatch(/^[A-Za-z0-9+/]{24}$/);
  expect(nonceOf(first)).not.toBe(nonceOf(second));
  expect(first.headers.get("x-middleware-request-x-nonce")).toBe(nonceOf(first));
  expect(first.headers.get("x-middleware-request-x-path")).toBe("/sign-in");
  const policy = first.headers.get("content-security-policy");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("style-src-attr 'unsafe-inline'");
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|style-src [^;]*unsafe-inline/);
});

test("over TLS the cookie's name and upgrades follow", async () => {
  held.auditDashboardEnv = { NEXTAUTH_URL: "https://audit.example.test" };
  expect((await ask("/eu/queries", "next-auth.session-token=x")).status).toBe(307);
  const response = await ask("/eu/queries", "__Secure-next-auth.session-token=x");
  expect(response.headers.get("content-security-policy")).toContain("upgrade-insecure-requests");
});

test("static files pass by, and so does whatever reads bodies: Next shortens those of what is matched", () => {
  const matches = (url: string) => doesProxyMatch({ config, url: `http://127.0.0.1:3000${url}` });
  for (const path of [
    "/_next/static/chunks/a.js",
    "/icon.svg",
    "/api",
    "/api/v1/targets/a/events",
    "/api/",
    "/metrics",
  ])
    expect([path, matches(path)]).toEqual([path, false]);
  for (const path of ["/", "/eu/overview", "/apiary", "/metrics-eu/queries", "/eu/api", "/sign-in"])
    expect([path, matches(path)]).toEqual([path, true]);
});
