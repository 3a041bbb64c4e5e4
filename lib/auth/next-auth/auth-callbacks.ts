import type { NextAuthOptions } from "next-auth";
import { answerError } from "../../answer-error.ts";
import { deviceCookie } from "../known-device.ts";
import { oidcRefusalOf } from "../oidc-refusal.ts";
import { ownPath } from "../own-path.ts";
import { sessionActor } from "../sessions.ts";
import { signInWithOidc } from "../sign-in-with-oidc.ts";
import type { AuthFlow, AuthRequest } from "./auth-flow.ts";

/** What next-auth asks while somebody signs in, and whenever it reads the session's cookie. */
export function authCallbacks(flow: AuthFlow): NonNullable<NextAuthOptions["callbacks"]> {
  const { request, auditTargets } = flow;
  return {
    async signIn({ account, profile }) {
      if (account?.type !== "oauth") return flow.signedIn !== null;
      try {
        flow.signedIn = await signInWithOidc(request, auditTargets, profile);
        request.setCookie(await deviceCookie(flow.signedIn.userId));
        return true;
      } catch (thrown) {
        return `/sign-in?error=${encodeURIComponent(oidcErrorCode(thrown, request.logger))}`;
      }
    },
    jwt({ token }) {
      return flow.signedIn ? { sub: flow.signedIn.userId, sid: flow.signedIn.sessionId } : token;
    },
    async session({ session, token }) {
      const actor =
        typeof token.sid === "string" ? await sessionActor(request.console.db, token.sid, request.ip) : null;
      return { expires: session.expires, ...(actor && { user: { name: actor.name, email: actor.email } }) };
    },
    redirect({ url, baseUrl }) {
      const { origin } = new URL(baseUrl);
      return origin + (ownPath(url, origin) ?? "/");
    },
  };
}

/** The code by which the sign-in page finds its words for a failure of single sign-on. */
export function oidcErrorCode(thrown: unknown, logger: Pick<AuthRequest["logger"], "error">): string {
  return oidcRefusalOf(thrown) ?? answerError(thrown, { door: "single sign-on" }, logger).code;
}
