import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy } from "./lib/auth/content-security.ts";
import { signInPath } from "./lib/auth/own-path.ts";
import { secureCookies, sessionCookieName } from "./lib/auth/session-cookie.ts";
import { inDevelopment } from "./lib/env.ts";

/** Pages that strangers may see; API routes answer for themselves. */
const open = /^\/(sign-in|api|metrics)(\/|$)/;

/**
 * Gives every page its nonce and policy (lib/door gives all answers their other headers), and spares strangers a round: without a session cookie a page
 * leads to the sign-in page. It authorises nothing; every page, action and route reads the session itself.
 */
export function proxy(request: NextRequest): NextResponse {
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
