import type { NextAuthOptions } from "next-auth";
import { env } from "../env.ts";
import { endSession } from "./end-session.ts";
import { authCallbacks } from "./next-auth/auth-callbacks.ts";
import type { AuthFlow, AuthRequest } from "./next-auth/auth-flow.ts";
import { authLogger } from "./next-auth/auth-logger.ts";
import { oidcProvider } from "./next-auth/oidc-provider.ts";
import { passwordProvider } from "./next-auth/password-provider.ts";
import { forgetSessions } from "./remembered-sessions.ts";
import { secureCookies, sessionSecret } from "./session-cookie.ts";
import { sessionDays } from "./sessions.ts";

/**
 * next-auth's options for one request. The cookie carries only the session's id (`sid`): who that is, and
 * with which role, is read from the database each time.
 */
export function createAuthOptions(request: AuthRequest): NextAuthOptions {
  const auditTargets = env().targets.map((target) => target.name);
  const flow: AuthFlow = { request, auditTargets, signedIn: null };
  const oidc = oidcProvider();
  return {
    secret: sessionSecret(),
    session: { strategy: "jwt", maxAge: sessionDays * 86_400 },
    useSecureCookies: secureCookies(),
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [passwordProvider(flow), ...(oidc ? [oidc] : [])],
    callbacks: authCallbacks(flow),
    events: {
      async signOut({ token }) {
        forgetSessions();
        if (typeof token?.sid === "string") await endSession(request.console, token.sid, auditTargets);
      },
    },
    logger: authLogger(request.logger),
  };
}
