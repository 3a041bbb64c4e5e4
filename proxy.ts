import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { unavailablePage } from "./app/unavailable-page.ts";
import { contentSecurityPolicy } from "./lib/auth/content-security.ts";
import { signInPath } from "./lib/auth/own-path.ts";
import { secureCookies, sessionCookieName } from "./lib/auth/session-cookie.ts";
import { findVisitorOutage } from "./lib/auth/visitor-outage.ts";
import { inDevelopment } from "./lib/env.ts";

/** The page that strangers may see. */
const open = /^\/sign-in(\/|$)/;
const consolePage = /^\/account(\/|$)/;

/**
 * Gives every page its nonce and policy (lib/door gives all answers their other headers), and spares strangers a round:
 * without a session cookie a page leads to the sign-in page. It authorises nothing; every page, action and route reads
 * the session itself. While the console database is away it answers 503 to whoever no page could be drawn for: a page
 * itself cannot choose its status.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  const { pathname, searchParams } = request.nextUrl;
  searchParams.delete("_rsc");
  const query = searchParams.size > 0 ? `?${searchParams}` : "";
  const path = `${pathname}${query}`;

  if (!open.test(pathname) && request.method === "GET" && !hasSessionCookie(request)) {
    // Next makes it relative again: people may use another address than this process listens on.
    const signIn = new URL(signInPath(path), request.url);
    return NextResponse.redirect(signIn, 307);
  }

  const nonce = randomBytes(18).toString("base64");
  const policy = contentSecurityPolicy(nonce, { development: inDevelopment(), https: secureCookies() });
  const outage =
    request.method === "GET"
      ? await findVisitorOutage(request.cookies.getAll(), consolePage.test(pathname))
      : null;
  if (outage) {
    const response = unavailablePage(outage, nonce);
    response.headers.set("Content-Security-Policy", policy);
    return response;
  }
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-path", path);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

function hasSessionCookie(request: NextRequest): boolean {
  const name = sessionCookieName();
  return request.cookies.has(name) || request.cookies.has(`${name}.0`);
}

export const config = {
  // Not the API: Next hands on a copy of the body of whatever is matched, and of no more than its first 10 MB.
  matcher: [
    "/((?!api(?:/|$)|metrics(?:/|$)|_next/static|_next/image|icon\\.svg|favicon\\.ico|manifest\\.webmanifest).*)",
  ],
};
